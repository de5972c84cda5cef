/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Text to and from a socket, in a buffer that is wiped, which stdio's is not.
 * Memory that is short, or an error of the socket, shows up in the next
 * stream_flush() or stream_read_line().
 */
#ifndef TOOLS_WG_STREAM_H
#define TOOLS_WG_STREAM_H

#include "crypto/port.h"

struct stream {
	char *buffer;
	size_t len;		/* written, or received */
	size_t room;
	size_t read_len;	/* of the received, already given out */
	int fd;
	int error;		/* -errno, sticky */
};

void stream_init(struct stream *stream);
void stream_exit(struct stream *stream);

__attribute__((format(printf, 2, 3)))
void stream_print(struct stream *stream, const char *format, ...);

/* Sends what was printed to @fd, from which lines are read then. */
int stream_flush(struct stream *stream, int fd);

/* The next line without its newline, lent until the next call; NULL: end. */
char *stream_read_line(struct stream *stream);

#endif /* TOOLS_WG_STREAM_H */
