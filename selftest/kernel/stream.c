// SPDX-License-Identifier: GPL-2.0
/*
 * Carries known bytes over TCP and compares them at the other end.
 *
 *	stream listen PORT		serve one connection, then leave
 *	stream send ADDR PORT KIB	status 0: every byte arrived as sent
 *	stream sendfile ADDR PORT KIB	the same from a file's own pages
 *
 * The stream begins with its length; the listener answers one byte at its end.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { BLOCK = 1 << 16 };

static uint8_t want[BLOCK], got[BLOCK];

/* The same bytes on both sides, different in each block. */
static void fill(uint64_t block)
{
	uint64_t z = block * 0x9e3779b97f4a7c15 + 1;

	for (int i = 0; i < BLOCK; i += 8) {
		z ^= z << 13;
		z ^= z >> 7;
		z ^= z << 17;
		memcpy(want + i, &z, 8);
	}
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static bool read_all(int fd, void *to, size_t len)
{
	for (size_t at = 0; at < len;) {
		ssize_t n = read(fd, (char *)to + at, len - at);

		if (n <= 0)
			return false;
		at += n;
	}
	return true;
}

static bool write_all(int fd, const void *from, size_t len)
{
	for (size_t at = 0; at < len;) {
		ssize_t n = write(fd, (const char *)from + at, len - at);

		if (n <= 0)
			return false;
		at += n;
	}
	return true;
}

static int give_up_after(int fd, int sec)
{
	struct timeval limit = { .tv_sec = sec };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	return fd;
}

static int serve(const char *port)
{
	/* For both families, or for IPv4 where there is no IPv6 at all; ports
	 * are at the same place.
	 */
	int one = 1, family = AF_INET6, fd = socket(family, SOCK_STREAM, 0);
	struct sockaddr_in6 self = { 0 };
	uint64_t blocks;

	if (fd < 0) {
		family = AF_INET;
		fd = socket(family, SOCK_STREAM, 0);
	}
	give_up_after(fd, 60);
	self.sin6_family = family;
	self.sin6_port = htons(atoi(port));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (void *)&self, sizeof(self)) < 0 || listen(fd, 1) < 0)
		die("listen");
	fd = give_up_after(accept(fd, NULL, NULL), 30);
	if (!read_all(fd, &blocks, sizeof(blocks)))
		die("length");
	for (uint64_t i = 0; i < blocks; i++) {
		fill(i);
		if (!read_all(fd, got, BLOCK))
			die("read");
		if (memcmp(want, got, BLOCK)) {
			fprintf(stderr, "stream: block %llu differs\n",
				(unsigned long long)i);
			return 1;
		}
	}
	return !write_all(fd, "k", 1);
}

static int dial(const char *addr, const char *port)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	bool is6 = inet_pton(AF_INET6, addr, &v6.sin6_addr) == 1;
	int fd = give_up_after(socket(is6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0),
			       30);

	v4.sin_port = v6.sin6_port = htons(atoi(port));
	if (!is6 && inet_pton(AF_INET, addr, &v4.sin_addr) != 1)
		die(addr);
	if (connect(fd, is6 ? (void *)&v6 : (void *)&v4,
		    is6 ? sizeof(v6) : sizeof(v4)) < 0)
		die("connect");
	return fd;
}

static void send_block(int fd)
{
	if (!write_all(fd, want, BLOCK))
		die("write");
}

/* From pages that others may write to; nobody does until they have left. */
static void send_block_of_file(int fd)
{
	int file = memfd_create("block", 0);
	ssize_t n;

	if (file < 0 || !write_all(file, want, BLOCK))
		die("file");
	for (off_t at = 0; at < BLOCK;) {
		n = sendfile(fd, file, &at, BLOCK - at);
		if (n <= 0)
			die("sendfile");
	}
	close(file);
}

static int give(void (*send_one)(int fd), const char *addr, const char *port, const char *kib)
{
	uint64_t blocks = (atoll(kib) * 1024 + BLOCK - 1) / BLOCK;
	int fd = dial(addr, port);
	char answer;

	if (!write_all(fd, &blocks, sizeof(blocks)))
		die("length");
	for (uint64_t i = 0; i < blocks; i++) {
		fill(i);
		send_one(fd);
	}
	if (!read_all(fd, &answer, 1))
		die("answer");
	return answer != 'k';
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "listen"))
		return serve(argv[2]);
	if (argc == 5 && !strcmp(argv[1], "send"))
		return give(send_block, argv[2], argv[3], argv[4]);
	if (argc == 5 && !strcmp(argv[1], "sendfile"))
		return give(send_block_of_file, argv[2], argv[3], argv[4]);
	return 2;
}
