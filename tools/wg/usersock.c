// SPDX-License-Identifier: GPL-2.0
#include "tools/wg/usersock.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tools/wg/endpoint.h"
#include "tools/wg/stream.h"

#ifndef RUNSTATEDIR
#define RUNSTATEDIR "/var/run"
#endif
#define SOCKET_DIR	RUNSTATEDIR "/wireguard/"
#define SOCKET_SUFFIX	".sock"
#define END_WAIT_MS	5000

/* A connection, or -1: nobody there, or not a place to ask. */
static int socket_connect(const struct sockaddr_un *addr)
{
	int fd;

	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (!connect(fd, (const struct sockaddr *)addr, sizeof(*addr)))
		return fd;
	if (errno == ECONNREFUSED)
		unlink(addr->sun_path);
	close(fd);
	return -1;
}

int usersock_open(const char *name)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	struct stat st;
	size_t len;

	if (!*name || strchr(name, '/'))
		return -1;
	len = snprintf(addr.sun_path, sizeof(addr.sun_path),
		       SOCKET_DIR "%s" SOCKET_SUFFIX, name);
	if (len >= sizeof(addr.sun_path) || stat(addr.sun_path, &st) ||
	    !S_ISSOCK(st.st_mode))
		return -1;
	return socket_connect(&addr);
}

/* Adds the interface of a file's name when somebody answers for it. */
static int list_add_file(struct name_list *list, const char *file)
{
	size_t len = strlen(file), suffix_len = strlen(SOCKET_SUFFIX);
	char name[IFNAMSIZ];
	int fd;

	if (len <= suffix_len || len - suffix_len >= sizeof(name) ||
	    strcmp(file + len - suffix_len, SOCKET_SUFFIX))
		return 0;
	memcpy(name, file, len - suffix_len);
	name[len - suffix_len] = 0;
	fd = usersock_open(name);
	if (fd < 0)
		return 0;
	close(fd);
	return name_list_add(list, name);
}

int usersock_list(struct name_list *list)
{
	struct dirent *entry;
	int error = 0;
	DIR *dir;

	dir = opendir(SOCKET_DIR);
	if (!dir)
		return errno == ENOENT ? 0 : -errno;
	while (!error && (entry = readdir(dir)))
		error = list_add_file(list, entry->d_name);
	closedir(dir);
	return error;
}

/* Values of lines: false means the line makes no sense. */

static bool read_number(const char *value, u64 most, u64 *number)
{
	char *end;

	if (*value < '0' || *value > '9')
		return false;
	errno = 0;
	*number = strtoull(value, &end, 10);
	return !*end && !errno && *number <= most;
}

static bool read_key(const char *value, u8 key[KEY_LEN])
{
	return strlen(value) == KEY_HEX_LEN && key_read_hex(key, value);
}

static struct peer *peer_last(struct device *device)
{
	return &device->peer[device->peer_n - 1];
}

static bool read_private_key(struct device *device, char *value)
{
	device->has_private_key = read_key(value, device->private_key);
	return device->has_private_key;
}

static bool read_listen_port(struct device *device, char *value)
{
	u64 number;

	device->has_listen_port = read_number(value, 65535, &number);
	if (device->has_listen_port)
		device->listen_port = number;
	return device->has_listen_port;
}

static bool read_fwmark(struct device *device, char *value)
{
	u64 number;

	device->has_fwmark = read_number(value, UINT32_MAX, &number);
	if (device->has_fwmark)
		device->fwmark = number;
	return device->has_fwmark;
}

static bool read_public_key(struct device *device, char *value)
{
	struct peer *peer = device_add_peer(device);

	return peer && read_key(value, peer->public_key);
}

static bool read_preshared_key(struct device *device, char *value)
{
	struct peer *peer = peer_last(device);

	if (!read_key(value, peer->preshared_key))
		return false;
	peer->has_preshared_key = !ct_is_zero(peer->preshared_key, KEY_LEN);
	return true;
}

static bool read_endpoint(struct device *device, char *value)
{
	return endpoint_read(&peer_last(device)->endpoint, value);
}

static bool read_keepalive(struct device *device, char *value)
{
	struct peer *peer = peer_last(device);
	u64 number;

	if (!read_number(value, 65535, &number))
		return false;
	peer->keepalive = number;
	peer->has_keepalive = number;
	return true;
}

static bool read_allowed_ip(struct device *device, char *value)
{
	struct prefix *prefix = device_add_allowed(device);

	return prefix && !value_read_prefix(prefix, value, strlen(value));
}

static bool read_handshake_s(struct device *device, char *value)
{
	return read_number(value, INT64_MAX,
			   (u64 *)&peer_last(device)->handshake_s);
}

static bool read_handshake_ns(struct device *device, char *value)
{
	return read_number(value, 999999999,
			   (u64 *)&peer_last(device)->handshake_ns);
}

static bool read_rx_bytes(struct device *device, char *value)
{
	return read_number(value, UINT64_MAX, &peer_last(device)->rx_bytes);
}

static bool read_tx_bytes(struct device *device, char *value)
{
	return read_number(value, UINT64_MAX, &peer_last(device)->tx_bytes);
}

static const struct setting {
	const char *key;
	bool of_peer;
	bool (*read)(struct device *device, char *value);
} settings[] = {
	{ "private_key", false, read_private_key },
	{ "listen_port", false, read_listen_port },
	{ "fwmark", false, read_fwmark },
	{ "public_key", false, read_public_key },
	{ "preshared_key", true, read_preshared_key },
	{ "endpoint", true, read_endpoint },
	{ "persistent_keepalive_interval", true, read_keepalive },
	{ "allowed_ip", true, read_allowed_ip },
	{ "last_handshake_time_sec", true, read_handshake_s },
	{ "last_handshake_time_nsec", true, read_handshake_ns },
	{ "rx_bytes", true, read_rx_bytes },
	{ "tx_bytes", true, read_tx_bytes },
};

/* The last line of every answer. */
static void read_errno(struct usersock_answer *answer, const char *value)
{
	bool is_negative = *value == '-';
	u64 number;

	if (!read_number(value + is_negative, 4095, &number))
		answer->error = -EPROTO;
	else
		answer->error = -(int)number;
	answer->is_done = true;
}

/* Keys that are not known are left alone: there will be more one day. */
void usersock_read_line(struct usersock_answer *answer, char *line)
{
	char *value = strchr(line, '=');
	size_t i;

	if (answer->is_done || answer->error || !*line)
		return;
	if (!value) {
		answer->error = -EPROTO;
		return;
	}
	*value++ = 0;
	if (!strcmp(line, "errno")) {
		read_errno(answer, value);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		if (strcmp(line, settings[i].key))
			continue;
		if ((settings[i].of_peer && !answer->device->peer_n) ||
		    !settings[i].read(answer->device, value))
			answer->error = -EPROTO;
		return;
	}
}

/* Gives every line of the stream to the reader above. */
static int answer_receive(struct stream *stream, struct device *device)
{
	struct usersock_answer answer = { .device = device };
	char *line;

	while (!answer.is_done && !answer.error) {
		line = stream_read_line(stream);
		if (!line)
			return -EPROTO;
		usersock_read_line(&answer, line);
	}
	return answer.error;
}

static int exchange(int fd, struct stream *stream, struct device *device)
{
	int error = stream_flush(stream, fd);

	if (!error)
		error = answer_receive(stream, device);
	stream_exit(stream);
	close(fd);
	return error;
}

void usersock_await_end(int fd)
{
	struct pollfd end = { .fd = fd };

	/* What hangs up is reported without being asked for. */
	poll(&end, 1, END_WAIT_MS);
	close(fd);
}

int usersock_read(int fd, struct device *device)
{
	struct stream stream;
	int error;

	stream_init(&stream);
	stream_print(&stream, "get=1\n\n");
	error = exchange(fd, &stream, device);
	if (error)
		device_clear(device);
	else
		device_derive_public_key(device);
	return error;
}

static void print_key(struct stream *stream, const char *name,
		      const u8 key[KEY_LEN])
{
	char text[KEY_HEX_LEN + 1];

	key_write_hex(text, key);
	stream_print(stream, "%s=%s\n", name, text);
	memzero_explicit(text, sizeof(text));
}

static void print_allowed(struct stream *stream, const struct prefix *prefix)
{
	char addr[INET6_ADDRSTRLEN];

	inet_ntop(prefix->family, prefix->addr, addr, sizeof(addr));
	stream_print(stream, "allowed_ip=%s%s/%u\n",
		     prefix->sign == '-' ? "-" : "", addr, prefix->cidr);
}

static void print_peer(struct stream *stream, const struct device *device,
		       const struct peer *peer)
{
	const struct prefix *allowed = peer_allowed(device, peer);
	char text[ENDPOINT_TEXT_LEN];
	u32 i;

	print_key(stream, "public_key", peer->public_key);
	if (peer->is_removed) {
		stream_print(stream, "remove=true\n");
		return;
	}
	if (peer->has_preshared_key)
		print_key(stream, "preshared_key", peer->preshared_key);
	if (peer->endpoint.addr.sa_family != AF_UNSPEC) {
		endpoint_write(text, &peer->endpoint);
		stream_print(stream, "endpoint=%s\n", text);
	}
	if (peer->has_keepalive)
		stream_print(stream, "persistent_keepalive_interval=%u\n",
			     peer->keepalive);
	if (peer->replaces_allowed)
		stream_print(stream, "replace_allowed_ips=true\n");
	for (i = 0; i < peer->allowed_n; i++)
		print_allowed(stream, &allowed[i]);
}

int usersock_write(int fd, const struct device *device)
{
	struct device nothing;
	struct stream stream;
	size_t i;
	int error;

	stream_init(&stream);
	stream_print(&stream, "set=1\n");
	if (device->has_private_key)
		print_key(&stream, "private_key", device->private_key);
	if (device->has_listen_port)
		stream_print(&stream, "listen_port=%u\n", device->listen_port);
	if (device->has_fwmark)
		stream_print(&stream, "fwmark=%u\n", device->fwmark);
	if (device->replaces_peers)
		stream_print(&stream, "replace_peers=true\n");
	for (i = 0; i < device->peer_n; i++)
		print_peer(&stream, device, &device->peer[i]);
	stream_print(&stream, "\n");
	device_init(&nothing, device->name);
	error = exchange(fd, &stream, &nothing);
	device_free(&nothing);
	return error;
}
