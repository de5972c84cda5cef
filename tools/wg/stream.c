// SPDX-License-Identifier: GPL-2.0
#include "tools/wg/stream.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define STREAM_ROOM	16384

void stream_init(struct stream *stream)
{
	memset(stream, 0, sizeof(*stream));
	stream->fd = -1;
}

void stream_exit(struct stream *stream)
{
	if (stream->buffer)
		memzero_explicit(stream->buffer, stream->room);
	free(stream->buffer);
	stream_init(stream);
}

/* Room for @more bytes; realloc() would leave a copy of the keys behind. */
static bool stream_reserve(struct stream *stream, size_t more)
{
	size_t room = stream->room ? stream->room : STREAM_ROOM;
	char *grown;

	while (room - stream->len < more)
		room *= 2;
	if (room == stream->room)
		return true;
	grown = malloc(room);
	if (!grown) {
		stream->error = -ENOMEM;
		return false;
	}
	if (stream->buffer) {
		memcpy(grown, stream->buffer, stream->len);
		memzero_explicit(stream->buffer, stream->room);
	}
	free(stream->buffer);
	stream->buffer = grown;
	stream->room = room;
	return true;
}

void stream_print(struct stream *stream, const char *format, ...)
{
	const size_t most = 256;
	va_list list;
	int len;

	if (stream->error || !stream_reserve(stream, most))
		return;
	va_start(list, format);
	len = vsnprintf(stream->buffer + stream->len, most, format, list);
	va_end(list);
	if (len < 0 || (size_t)len >= most)
		stream->error = -EOVERFLOW;
	else
		stream->len += len;
}

int stream_flush(struct stream *stream, int fd)
{
	size_t sent = 0;
	ssize_t n;

	while (!stream->error && sent < stream->len) {
		n = send(fd, stream->buffer + sent, stream->len - sent,
			 MSG_NOSIGNAL);
		if (n >= 0)
			sent += n;
		else if (errno != EINTR)
			stream->error = -errno;
	}
	stream->len = 0;
	stream->fd = fd;
	return stream->error;
}

/* More bytes behind those not yet given out; false: end or error. */
static bool stream_fill(struct stream *stream)
{
	ssize_t n;

	if (stream->error)
		return false;
	if (stream->read_len) {
		memmove(stream->buffer, stream->buffer + stream->read_len,
			stream->len - stream->read_len);
		stream->len -= stream->read_len;
		stream->read_len = 0;
	}
	if (!stream_reserve(stream, STREAM_ROOM / 2))
		return false;
	do
		n = read(stream->fd, stream->buffer + stream->len,
			 stream->room - stream->len);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		stream->error = -errno;
	else
		stream->len += n;
	return n > 0;
}

char *stream_read_line(struct stream *stream)
{
	size_t searched = 0;
	char *start, *end;

	do {
		start = stream->buffer + stream->read_len;
		end = memchr(start + searched, '\n',
			     stream->len - stream->read_len - searched);
		if (end) {
			*end = 0;
			stream->read_len = end + 1 - stream->buffer;
			return start;
		}
		searched = stream->len - stream->read_len;
	} while (stream_fill(stream));
	return NULL;
}
