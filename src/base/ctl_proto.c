/* SPDX-License-Identifier: BSD-2-Clause
 *
 * ctl_proto - the client's half of the control protocol, and its socket's address.
 */
#include "base/ctl_proto.h"

#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>

/* A runtime directory's path may be longer than a socket address allows; a path by way of
 * the directory's descriptor never is. */
static struct sockaddr_un ctl_address(int dirfd)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof(address.sun_path),
		 "/proc/self/fd/%d/" CTL_SOCKET, dirfd);
	return address;
}

int ctl_listen(int dirfd, struct extack *why)
{
	struct sockaddr_un address = ctl_address(dirfd);
	auto_close int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (sock < 0 || bind(sock, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(sock, SOMAXCONN))
		return extack_set(why, -errno, "the control socket cannot be made: %m");
	return take_fd(&sock);
}

int ctl_connect(int dirfd, unsigned timeout_ms, struct extack *why)
{
	struct sockaddr_un address = ctl_address(dirfd);
	struct timeval timeout = {.tv_sec = timeout_ms / 1000,
				  .tv_usec = timeout_ms % 1000 * 1000};
	auto_close int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (sock < 0 ||
	    setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) ||
	    setsockopt(sock, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) ||
	    connect(sock, (struct sockaddr *)&address, sizeof(address)))
		return extack_set(why, -errno, "the engine cannot be reached: %m");
	return take_fd(&sock);
}

/* The reply that is in the file @fd. */
static int ctl_read_file(int fd, json_t **reply, struct extack *why)
{
	auto_free char *text = NULL;
	struct stat st;
	json_error_t bad;
	size_t len = 0;

	if (fstat(fd, &st) || st.st_size <= 0 || (size_t)st.st_size > CTL_FILE_MAX)
		return extack_set(why, -EBADMSG,
				  "the engine's answer is in no usable file");
	text = xcalloc(1, (size_t)st.st_size);
	while (len < (size_t)st.st_size) {
		ssize_t n = pread(fd, text + len, (size_t)st.st_size - len, (off_t)len);

		if (n <= 0)
			return extack_set(why, -EIO,
					  "the engine's answer cannot be read");
		len += (size_t)n;
	}
	json_decref(*reply);
	*reply = json_loadb(text, len, 0, &bad);
	return *reply ? 0
		      : extack_set(why, -EBADMSG, "the engine's answer is not JSON: %s",
				   bad.text);
}

static int ctl_receive_reply(int sock, json_t **reply, struct extack *why)
{
	auto_free char *text = xcalloc(1, CTL_MESSAGE_MAX + 1);
	auto_close int file = -1;
	size_t n_files = 1;
	json_error_t bad;
	ssize_t len = fd_receive(sock, text, CTL_MESSAGE_MAX + 1, &file, &n_files);

	if (len == -EAGAIN)
		return extack_set(why, -ETIMEDOUT, "the engine does not answer");
	if (len < 0)
		return extack_set(why, (int)len, "the engine's answer was lost: %s",
				  strerror((int)-len));
	if (!len)
		return extack_set(why, -EPIPE, "the engine hung up");
	*reply = json_loadb(text, (size_t)len, 0, &bad);
	if (!*reply)
		return extack_set(why, -EBADMSG, "the engine's answer is not JSON: %s",
				  bad.text);
	if (!json_is_true(json_object_get(*reply, "file")))
		return 0;
	return ctl_read_file(file, reply, why);
}

int ctl_request(int sock, json_t *request, const int *fds, size_t n_fds, json_t **reply,
		struct extack *why)
{
	auto_free char *text = json_dumps(request, JSON_COMPACT);
	json_t *answer = NULL;
	const char *refusal;
	int err;

	json_decref(request);
	if (!text || strlen(text) > CTL_MESSAGE_MAX)
		return extack_set(why, -EMSGSIZE, "the request is longer than %zu bytes",
				  CTL_MESSAGE_MAX);
	err = fd_send(sock, text, strlen(text), fds, n_fds);
	if (err)
		return extack_set(why, err, "the engine cannot be asked: %s",
				  strerror(-err));
	err = ctl_receive_reply(sock, &answer, why);
	if (err) {
		json_decref(answer);
		return err;
	}
	if (!json_is_true(json_object_get(answer, "ok"))) {
		refusal = json_string_value(json_object_get(answer, "error"));
		err = extack_set(why, -EREMOTEIO, "%s",
				 refusal ? refusal : "the engine refuses");
	}
	if (!err && reply)
		*reply = answer;
	else
		json_decref(answer);
	return err;
}
