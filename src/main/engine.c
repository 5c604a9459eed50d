/* SPDX-License-Identifier: BSD-2-Clause
 *
 * engine - serves the control socket, and nothing else yet.
 */
#include "main/engine.h"

#include "ctl/server.h"

#include <ev.h>
#include <signal.h>
#include <unistd.h>

struct engine {
	struct ev_loop *loop;
	const struct engine_start *start;
	struct ev_timer stop;
};

static void engine_stop(struct ev_loop *loop, struct ev_timer *t, int events)
{
	ev_break(loop, EVBREAK_ALL);
}

static void engine_signal(struct ev_loop *loop, struct ev_signal *s, int events)
{
	ev_break(loop, EVBREAK_ALL);
}

static json_t *do_info(void *arg, const json_t *request, struct ctl_fds *fds)
{
	struct engine *engine = arg;

	return ctl_ok("s:s, s:i, s:b", "name", engine->start->name, "devices", 0, "gate",
		      0);
}

static json_t *do_gate(void *arg, const json_t *request, struct ctl_fds *fds)
{
	if (fds->n != 1)
		return ctl_error("\"gate\" comes with one descriptor, not %zu", fds->n);
	return ctl_error("this engine has no gate");
}

/* The reply leaves before the loop ends. */
static json_t *do_stop(void *arg, const json_t *request, struct ctl_fds *fds)
{
	struct engine *engine = arg;

	ev_timer_init(&engine->stop, engine_stop, 0., 0.);
	ev_timer_start(engine->loop, &engine->stop);
	return ctl_ok(NULL);
}

static const struct ctl_verb verbs[] = {
	{"info", do_info},
	{"gate", do_gate},
	{"stop", do_stop},
};

int engine_run(const struct engine_start *s)
{
	struct engine engine = {.loop = ev_default_loop(EVFLAG_AUTO), .start = s};
	struct ev_signal term;
	struct ctl_server *server;

	ev_signal_init(&term, engine_signal, SIGTERM);
	ev_signal_start(engine.loop, &term);
	server = ctl_server_start(engine.loop, s->ctl_fd, verbs, array_size(verbs),
				  &engine);
	if (write(s->ready_fd, "", 1) != 1)
		return 1;
	close(s->ready_fd);
	ev_run(engine.loop, 0);
	ctl_server_stop(server);
	return 0;
}
