/* SPDX-License-Identifier: BSD-2-Clause
 *
 * ctl - tests of the control protocol: a server on a loop of its own, and real clients.
 */
#include "ctl/server.h"

#include <ev.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct ev_loop *loop;
static struct ctl_server *server;
static struct ev_async wake;
static pthread_t thread;
static int dirfd_ = -1;
static char dir[64];
static int kept_fd = -1;

/* ---- a server with a few verbs ---- */

static json_t *do_echo(void *arg, const json_t *request, struct ctl_fds *fds)
{
	return ctl_ok("s:O, s:i", "what", json_object_get(request, "what"), "n_fds",
		      (int)fds->n);
}

static json_t *do_keep(void *arg, const json_t *request, struct ctl_fds *fds)
{
	if (!fds->n)
		return ctl_error("nothing to keep");
	kept_fd = take_fd(&fds->fd[0]);
	return ctl_ok(NULL);
}

static json_t *do_long(void *arg, const json_t *request, struct ctl_fds *fds)
{
	json_t *list = json_array();

	for (int i = 0; i < 20000; i++)
		json_array_append_new(list, json_integer(i));
	return ctl_ok("s:o", "list", list);
}

static json_t *do_rubbish(void *arg, const json_t *request, struct ctl_fds *fds)
{
	return ctl_error("not UTF-8: %s", "\xff\xfe");
}

static const struct ctl_verb verbs[] = {
	{"echo", do_echo}, {"keep", do_keep}, {"long", do_long}, {"rubbish", do_rubbish}};

static void on_wake(struct ev_loop *l, struct ev_async *a, int events)
{
	ev_break(l, EVBREAK_ALL);
}

static void *serve(void *arg)
{
	ev_run(loop, 0);
	return NULL;
}

static int start(void **state)
{
	int sock;

	snprintf(dir, sizeof(dir), "%s/ctl-XXXXXX", access("/tmp", W_OK) ? "." : "/tmp");
	assert_non_null(mkdtemp(dir));
	dirfd_ = open(dir, O_RDONLY | O_DIRECTORY);
	assert_true(dirfd_ >= 0);
	sock = ctl_listen(dirfd_, NULL);
	assert_true(sock >= 0);
	loop = ev_loop_new(EVFLAG_AUTO);
	server = ctl_server_start(loop, sock, verbs, array_size(verbs), NULL);
	ev_async_init(&wake, on_wake);
	ev_async_start(loop, &wake);
	return pthread_create(&thread, NULL, serve, NULL);
}

static int stop(void **state)
{
	ev_async_send(loop, &wake);
	pthread_join(thread, NULL);
	ctl_server_stop(server);
	ev_loop_destroy(loop);
	unlinkat(dirfd_, CTL_SOCKET, 0);
	fd_close(&dirfd_);
	fd_close(&kept_fd);
	return rmdir(dir);
}

static int client(void)
{
	int sock = ctl_connect(dirfd_, 10000, NULL);

	assert_true(sock >= 0);
	return sock;
}

/* ---- what is promised ---- */

static void a_connection_carries_many_requests(void **state)
{
	auto_close int sock = client();

	for (int i = 0; i < 100; i++) {
		json_t *reply = NULL;

		assert_int_equal(
			ctl_request(sock,
				    json_pack("{s:s, s:i}", "do", "echo", "what", i),
				    NULL, 0, &reply, NULL),
			0);
		assert_int_equal(json_integer_value(json_object_get(reply, "what")), i);
		json_decref(reply);
	}
}

static void a_refusal_comes_with_its_sentence(void **state)
{
	auto_close int sock = client();
	struct extack why = {};

	assert_int_equal(ctl_request(sock, json_pack("{s:s}", "do", "nosuch"), NULL, 0,
				     NULL, &why),
			 -EREMOTEIO);
	assert_string_equal(why.msg, "the engine does not know \"nosuch\"");
}

static void a_descriptor_that_is_kept_stays_open_and_others_do_not(void **state)
{
	auto_close int sock = client();
	int ends[2], both[2];
	char byte;

	assert_int_equal(pipe(ends), 0);
	both[0] = both[1] = ends[1];
	assert_int_equal(
		ctl_request(sock, json_pack("{s:s}", "do", "keep"), both, 2, NULL, NULL),
		0);
	close(ends[1]);
	assert_int_equal(write(kept_fd, "x", 1), 1);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	fd_close(&kept_fd);
	assert_int_equal(read(ends[0], &byte, 1), 0); /* no other copy is left */
	close(ends[0]);
}

static void a_long_reply_arrives_whole(void **state)
{
	auto_close int sock = client();
	json_t *reply = NULL;

	assert_int_equal(ctl_request(sock, json_pack("{s:s}", "do", "long"), NULL, 0,
				     &reply, NULL),
			 0);
	assert_int_equal(json_array_size(json_object_get(reply, "list")), 20000);
	json_decref(reply);
}

static void a_request_that_is_too_long_is_not_sent(void **state)
{
	auto_close int sock = client();
	auto_free char *text = xcalloc(1, CTL_MESSAGE_MAX + 1);
	struct extack why = {};

	memset(text, 'x', CTL_MESSAGE_MAX);
	assert_int_equal(ctl_request(sock,
				     json_pack("{s:s, s:s}", "do", "echo", "what", text),
				     NULL, 0, NULL, &why),
			 -EMSGSIZE);
	assert_string_equal(why.msg, "the request is longer than 65536 bytes");
}

static void a_sentence_that_is_no_text_is_replaced(void **state)
{
	auto_close int sock = client();
	struct extack why = {};

	assert_int_equal(ctl_request(sock, json_pack("{s:s}", "do", "rubbish"), NULL, 0,
				     NULL, &why),
			 -EREMOTEIO);
	assert_string_equal(why.msg, "the request is not text");
}

static void whatever_the_message_there_is_an_answer(void **state)
{
	static const char *const messages[] = {"",
					       "{",
					       "[]",
					       "3",
					       "{\"do\": null}",
					       "\xff",
					       "{\"do\":\"echo\",\"do\":\"echo\"}"};

	for (size_t i = 0; i < array_size(messages); i++) {
		struct ctl_fds fds = {};
		json_t *reply = ctl_server_answer(verbs, array_size(verbs), NULL,
						  messages[i], strlen(messages[i]), &fds);

		assert_true(json_is_false(json_object_get(reply, "ok")));
		assert_true(json_is_string(json_object_get(reply, "error")));
		json_decref(reply);
	}
}

static void an_engine_that_is_not_there_is_said_so(void **state)
{
	struct extack why = {};

	unlinkat(dirfd_, CTL_SOCKET, 0);
	assert_int_equal(ctl_connect(dirfd_, 1000, &why), -ENOENT);
	assert_string_equal(why.msg,
			    "the engine cannot be reached: No such file or directory");
}

#define T(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_connection_carries_many_requests),
		T(a_refusal_comes_with_its_sentence),
		T(a_descriptor_that_is_kept_stays_open_and_others_do_not),
		T(a_long_reply_arrives_whole),
		T(a_request_that_is_too_long_is_not_sent),
		T(a_sentence_that_is_no_text_is_replaced),
		T(whatever_the_message_there_is_an_answer),
		T(an_engine_that_is_not_there_is_said_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
