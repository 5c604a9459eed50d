/* SPDX-License-Identifier: BSD-2-Clause
 *
 * server - accepts clients of the control socket and answers their requests.
 */
#include "ctl/server.h"

#include "base/list.h"
#include "base/log.h"

#include <ev.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>

#define CLIENTS_MAX 256

struct ctl_server {
	struct ev_loop *loop;
	struct ev_io accept;
	const struct ctl_verb *verbs;
	size_t n_verbs;
	void *arg;
	struct list clients;
	size_t n_clients;
	char text[CTL_MESSAGE_MAX +
		  1]; /* one byte more tells a message that is too long */
};

struct ctl_client {
	struct list link;
	struct ev_io io;
	struct ctl_server *server;
};

json_t *ctl_ok(const char *members, ...)
{
	json_t *reply = json_pack("{s:b}", "ok", 1), *more;
	auto_free char *format = members ? xasprintf("{%s}", members) : NULL;
	json_error_t bad;
	va_list args;

	if (!format)
		return reply;
	va_start(args, members);
	more = json_vpack_ex(&bad, 0, format, args);
	va_end(args);
	if (!more) {
		json_decref(reply);
		return ctl_error("the reply cannot be written: %s", bad.text);
	}
	json_object_update(reply, more);
	json_decref(more);
	return reply;
}

json_t *ctl_error(const char *format, ...)
{
	char sentence[512];
	json_t *reply;
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	reply = json_pack("{s:b, s:s}", "ok", 0, "error", sentence);
	/* Bytes that are not UTF-8 cannot be quoted back. */
	return reply ? reply
		     : json_pack("{s:b, s:s}", "ok", 0, "error",
				 "the request is not text");
}

json_t *ctl_server_answer(const struct ctl_verb *verbs, size_t n_verbs, void *arg,
			  const char *text, size_t len, struct ctl_fds *fds)
{
	json_error_t bad;
	json_t *request, *reply = NULL;
	const char *wanted;

	if (len > CTL_MESSAGE_MAX)
		return ctl_error("the request is longer than %zu bytes", CTL_MESSAGE_MAX);
	request = json_loadb(text, len, JSON_REJECT_DUPLICATES, &bad);
	if (!request)
		return ctl_error("the request is not JSON: %s", bad.text);
	wanted = json_string_value(json_object_get(request, "do"));
	if (!wanted)
		reply = ctl_error("the request lacks the string \"do\"");
	for (size_t i = 0; wanted && i < n_verbs && !reply; i++)
		if (!strcmp(verbs[i].name, wanted))
			reply = verbs[i].fn(arg, request, fds);
	if (!reply)
		reply = ctl_error("the engine does not know \"%.40s\"", wanted);
	json_decref(request);
	return reply;
}

static void client_destroy(struct ctl_client *client)
{
	list_remove(&client->link);
	client->server->n_clients--;
	ev_io_stop(client->server->loop, &client->io);
	close(client->io.fd);
	free(client);
}

/* A reply that is too long for a message goes in a file of its own. */
static int client_reply_by_file(struct ctl_client *client, const char *text, size_t len)
{
	static const char message[] = "{\"ok\": true, \"file\": true}";
	auto_close int file = memfd_create("wireyard-reply", MFD_CLOEXEC);

	if (file < 0 || len > CTL_FILE_MAX)
		return -EMSGSIZE;
	for (size_t done = 0; done < len;) {
		ssize_t n = write(file, text + done, len - done);

		if (n <= 0)
			return -EIO;
		done += (size_t)n;
	}
	return fd_send(client->io.fd, message, strlen(message), &file, 1);
}

/* A client that does not read its replies is not worth waiting for. */
static int client_reply(struct ctl_client *client, json_t *reply)
{
	auto_free char *text = json_dumps(reply, JSON_COMPACT);
	size_t len = text ? strlen(text) : 0;

	json_decref(reply);
	if (!text)
		return -EIO;
	if (len > CTL_MESSAGE_MAX)
		return client_reply_by_file(client, text, len);
	return fd_send(client->io.fd, text, len, NULL, 0);
}

static void client_readable(struct ev_loop *loop, struct ev_io *io, int events)
{
	struct ctl_client *client = container_of(io, struct ctl_client, io);
	struct ctl_server *server = client->server;
	struct ctl_fds fds = {.n = FD_PASS_MAX};
	ssize_t len =
		fd_receive(io->fd, server->text, sizeof(server->text), fds.fd, &fds.n);
	int err = 0;

	if (len == -EAGAIN || len == -EINTR)
		return;
	if (len <= 0) {
		client_destroy(client);
		return;
	}
	err = client_reply(client,
			   ctl_server_answer(server->verbs, server->n_verbs, server->arg,
					     server->text, (size_t)len, &fds));
	for (size_t i = 0; i < fds.n; i++)
		fd_close(&fds.fd[i]);
	if (err)
		client_destroy(client);
}

/* The runtime directory already keeps strangers out; this is the second door.  The yard's
 * owner is uid 0 inside it. */
static bool may_ask(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len))
		return false;
	return peer.uid == geteuid() || peer.uid == 0;
}

static void server_acceptable(struct ev_loop *loop, struct ev_io *io, int events)
{
	struct ctl_server *server = container_of(io, struct ctl_server, accept);
	auto_close int fd = accept4(io->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct ctl_client *client;

	if (fd < 0)
		return;
	if (!may_ask(fd) || server->n_clients >= CLIENTS_MAX) {
		log_info("ctl", NULL, "a client is refused");
		return;
	}
	client = xnew(struct ctl_client);
	client->server = server;
	list_append(&server->clients, &client->link);
	server->n_clients++;
	ev_io_init(&client->io, client_readable, take_fd(&fd), EV_READ);
	ev_io_start(loop, &client->io);
}

struct ctl_server *ctl_server_start(struct ev_loop *loop, int listen_fd,
				    const struct ctl_verb *verbs, size_t n_verbs,
				    void *arg)
{
	struct ctl_server *server = xnew(struct ctl_server);

	server->loop = loop;
	server->verbs = verbs;
	server->n_verbs = n_verbs;
	server->arg = arg;
	list_init(&server->clients);
	if (fd_set_nonblock(listen_fd, true))
		log_warn("ctl", NULL, "the control socket stays blocking: %m, going on");
	ev_io_init(&server->accept, server_acceptable, listen_fd, EV_READ);
	ev_io_start(loop, &server->accept);
	return server;
}

void ctl_server_stop(struct ctl_server *server)
{
	struct ctl_client *client, *next;

	if (!server)
		return;
	list_foreach_safe(client, next, &server->clients, link)
		client_destroy(client);
	ev_io_stop(server->loop, &server->accept);
	close(server->accept.fd);
	free(server);
}
