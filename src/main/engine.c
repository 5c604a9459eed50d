/* SPDX-License-Identifier: BSD-2-Clause
 *
 * engine - puts the parts together: model, workers, host, rtnetlink, gate, control socket.
 *
 * Everything here runs on the control thread's event loop.  The order of starting is the
 * order in which the parts lean on each other, and stopping is the reverse.
 */
#include "main/engine.h"

#include "base/log.h"
#include "ctl/server.h"
#include "gate/gate.h"
#include "main/kinds.h"
#include "main/sandbox.h"
#include "main/worker.h"
#include "net/post.h"
#include "rtnl/bridge.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

struct engine {
	const struct engine_start *start;
	struct ev_loop *loop;
	struct net net;
	struct workers *workers;
	struct worker self; /* control's own */
	ev_async posts;
	struct host host;
	struct rtnl rtnl;
	struct gate gate;
	struct ctl_server *ctl;
	ev_io dead_io;
	ev_prepare prepare;
	ev_timer tick; /* the next of base/clock.h's timers */
	ev_timer stop;
	ev_signal term;
};

/* ---- what the gate asks ---- */

static int open_netlink(void *arg, int ns_fd, pid_t pid, bool nonblock, int *program_end)
{
	struct engine *e = arg;

	return rtnl_open(&e->rtnl, ns_fd, pid, nonblock, program_end);
}

static int netlink_socket(void *arg, uint64_t cookie)
{
	struct engine *e = arg;
	struct client *c = rtnl_client(&e->rtnl, cookie);

	return c ? c->kernel : -1;
}

static int netlink_bind(void *arg, uint64_t cookie, const struct sockaddr_nl *addr)
{
	struct engine *e = arg;

	return client_bind(rtnl_client(&e->rtnl, cookie), addr->nl_pid, addr->nl_groups);
}

static void netlink_option(void *arg, uint64_t cookie, int option, int value)
{
	struct engine *e = arg;

	client_option(rtnl_client(&e->rtnl, cookie), option, value);
}

static void opens_packet(void *arg, int ns_fd)
{
	struct engine *e = arg;

	listen_begins(&e->host, ns_fd);
}

static bool bridge_call(void *arg, struct brctl *b)
{
	struct engine *e = arg;

	return brctl_call(&e->rtnl, b);
}

static bool may_rule(void *arg, pid_t pid, int ns_fd)
{
	return host_owns(pid, ns_fd) && host_has_net_admin(pid);
}

static int tap_prepare(void *arg, int ns_fd, const char *name, bool exclusive)
{
	struct engine *e = arg;

	return usertap_prepare(&e->host, ns_fd, name, exclusive);
}

static int tap_open(void *arg, int tun_fd, unsigned flags, int *program_end)
{
	struct engine *e = arg;
	struct extack ea = {};
	int err = usertap_open(&e->host, tun_fd, flags, program_end, &ea);

	if (err)
		log_warn("engine", e->start->name, "a tap could not be taken over: %s",
			 ea.msg[0] ? ea.msg : strerror(-err));
	return err;
}

static int tap_descriptor(void *arg, uint64_t cookie)
{
	struct engine *e = arg;

	return usertap_find(&e->host, cookie);
}

static void tap_changed(void *arg, uint64_t cookie, uint32_t cmd, uint64_t value)
{
	struct engine *e = arg;

	usertap_changed(&e->host, cookie, cmd, value);
}

static void tap_queue(void *arg, uint64_t cookie, bool attached)
{
	struct engine *e = arg;

	usertap_queue(&e->host, cookie, attached);
}

static int node_open(void *arg, int ns_fd, unsigned number, int *program_end)
{
	struct engine *e = arg;

	return tapnode_open(&e->host, ns_fd, number, program_end);
}

static bool is_node(void *arg, uint64_t cookie)
{
	struct engine *e = arg;

	return tapnode_is(&e->host, cookie);
}

static int node_ioctl(void *arg, uint64_t cookie, uint32_t cmd,
		      union tapnode_arg *tapnode_arg)
{
	struct engine *e = arg;

	return tapnode_ioctl(&e->host, cookie, cmd, tapnode_arg);
}

static const struct gate_ops gate_ops = {
	.open_netlink = open_netlink,
	.netlink_socket = netlink_socket,
	.netlink_bind = netlink_bind,
	.netlink_option = netlink_option,
	.opens_packet = opens_packet,
	.bridge_call = bridge_call,
	.may_rule = may_rule,
	.tap_prepare = tap_prepare,
	.tap_open = tap_open,
	.tap_descriptor = tap_descriptor,
	.tap_changed = tap_changed,
	.tap_queue = tap_queue,
	.node_open = node_open,
	.is_node = is_node,
	.node_ioctl = node_ioctl,
};

/* ---- what the control socket asks ---- */

static unsigned count_devices(struct net *net)
{
	struct dev *dev;
	unsigned n = 0;

	list_foreach(dev, &net->devs, in_net)
		n++;
	return n;
}

static json_t *do_info(void *arg, const json_t *request, struct ctl_fds *fds)
{
	struct engine *e = arg;

	return ctl_ok("s:s, s:i, s:i, s:i", "name", e->start->name, "devices",
		      (int)count_devices(&e->net), "shortcuts",
		      (int)shortcut_number(&e->host), "flows", (int)e->host.n_flows);
}

static json_t *do_gate(void *arg, const json_t *request, struct ctl_fds *fds)
{
	struct engine *e = arg;
	int err;

	if (fds->n != 1)
		return ctl_error("\"gate\" comes with one descriptor, not %zu", fds->n);
	err = gate_add_listener(&e->gate, take_fd(&fds->fd[0]));
	return err ? ctl_error("the listener is of no use: %s", strerror(-err))
		   : ctl_ok(NULL);
}

static json_t *drops_of(const struct dev *dev)
{
	json_t *reasons = json_object();

	for (enum drop why = 0; why < DROP_N_REASONS; why++) {
		uint64_t n = dev_drops(dev, why);

		if (n)
			json_object_set_new(reasons, drop_name(why),
					    json_integer((json_int_t)n));
	}
	return reasons;
}

static json_t *do_drops(void *arg, const json_t *request, struct ctl_fds *fds)
{
	struct engine *e = arg;
	json_t *devices = json_array(), *texts = json_object();
	struct dev *dev;

	list_foreach(dev, &e->net.devs, in_net) {
		json_t *drops;

		shortcut_count(&e->host, dev);
		drops = drops_of(dev);

		if (json_object_size(drops))
			json_array_append_new(
				devices,
				json_pack("{s:s, s:s, s:I, s:o}", "name", dev->name,
					  "kind", dev->kind->name, "ifindex",
					  (json_int_t)dev->ifindex, "drops", drops));
		else
			json_decref(drops);
	}
	for (enum drop why = 0; why < DROP_N_REASONS; why++)
		json_object_set_new(texts, drop_name(why), json_string(drop_text(why)));
	return ctl_ok("s:o, s:o", "devices", devices, "reasons", texts);
}

static void on_stop(struct ev_loop *loop, ev_timer *t, int events)
{
	ev_break(loop, EVBREAK_ALL);
}

/* The reply leaves before the loop ends. */
static json_t *do_stop(void *arg, const json_t *request, struct ctl_fds *fds)
{
	struct engine *e = arg;

	ev_timer_init(&e->stop, on_stop, 0., 0.);
	ev_timer_start(e->loop, &e->stop);
	return ctl_ok(NULL);
}

static const struct ctl_verb verbs[] = {
	{"info", do_info},
	{"gate", do_gate},
	{"drops", do_drops},
	{"stop", do_stop},
};

/* ---- the loop ---- */

static void on_dead_ports(struct ev_loop *loop, ev_io *w, int events)
{
	struct engine *e = w->data;
	const struct port *port;

	while ((port = workers_take_dead(e->workers)))
		host_port_dead(&e->host, port);
}

/* Before each wait: run the timers that are due, and wait no longer than the next. */
static void on_prepare(struct ev_loop *loop, ev_prepare *w, int events)
{
	struct engine *e = w->data;
	nsec_t next = timers_run();

	ev_timer_stop(loop, &e->tick);
	if (next < 0)
		return;
	ev_timer_set(&e->tick, (double)next / NSEC_PER_SEC, 0.);
	ev_timer_start(loop, &e->tick);
}

static void on_tick(struct ev_loop *loop, ev_timer *t, int events)
{
}

static void on_term(struct ev_loop *loop, ev_signal *s, int events)
{
	ev_break(loop, EVBREAK_ALL);
}

static void start_watchers(struct engine *e)
{
	ev_io_init(&e->dead_io, on_dead_ports, workers_dead_fd(e->workers), EV_READ);
	e->dead_io.data = e;
	ev_io_start(e->loop, &e->dead_io);
	ev_prepare_init(&e->prepare, on_prepare);
	e->prepare.data = e;
	ev_prepare_start(e->loop, &e->prepare);
	ev_init(&e->tick, on_tick);
	ev_signal_init(&e->term, on_term, SIGTERM);
	ev_signal_start(e->loop, &e->term);
}

/* Each mirror takes descriptors: as many as the host allows.  When the table of a process with
 * threads grows, the kernel waits for a grace period, 16 ms, so it grows before there are any. */
#define FILES_AT_START 8192

static void raise_limits(void)
{
	struct rlimit files;
	int fd;

	if (getrlimit(RLIMIT_NOFILE, &files))
		return;
	files.rlim_cur = files.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &files);
	fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC,
		   (int)min(files.rlim_max - 1, (rlim_t)FILES_AT_START - 1));
	fd_close(&fd);
}

/* A number from the environment, or @otherwise; -EINVAL with a sentence. */
static int number_from_env(const char *name, long lowest, long highest, long otherwise,
			   long *ret, struct extack *ea)
{
	const char *text = getenv(name);
	char *end;

	*ret = otherwise;
	if (!text)
		return 0;
	*ret = strtol(text, &end, 10);
	if (!*text || *end || *ret < lowest || *ret > highest)
		return extack_set(ea, -EINVAL, "%s=%s is no number from %ld to %ld", name,
				  text, lowest, highest);
	return 0;
}

static int bool_from_env(const char *name, bool otherwise, bool *ret, struct extack *ea)
{
	const char *text = getenv(name);

	*ret = text ? !strcmp(text, "on") : otherwise;
	if (text && !*ret && strcmp(text, "off") != 0)
		return extack_set(ea, -EINVAL, "%s=%s is neither on nor off", name, text);
	return 0;
}

/* What wireyard(1) says under ENVIRONMENT. */
static int read_config(struct workers_config *config, bool *shortcuts, struct extack *ea)
{
	long n, spin, cpu;
	int err = number_from_env("WIREYARD_WORKERS", 1, WORKERS_MAX - 1, 1, &n, ea);

	if (!err)
		err = number_from_env("WIREYARD_SPIN_US", 0, 10000, -1, &spin, ea);
	if (!err)
		err = number_from_env("WIREYARD_CPU", 0, CPU_SETSIZE - 1, -1, &cpu, ea);
	if (!err)
		err = bool_from_env("WIREYARD_SHORTCUTS", true, shortcuts, ea);
	if (err)
		return err;
	*config = WORKERS_CONFIG_DEFAULT;
	config->n = (unsigned)n;
	config->first_cpu = (int)cpu;
	if (spin >= 0)
		config->spin_ns = spin * NSEC_PER_USEC;
	return 0;
}

/* ---- control as a worker ---- */

static void wake(struct net *net)
{
	struct engine *e = container_of(net, struct engine, net);

	ev_async_send(e->loop, &e->posts);
}

static void on_posts(struct ev_loop *loop, ev_async *w, int events)
{
	struct engine *e = w->data;

	net_run_posts(&e->net);
}

/* What control sends itself is little: a spanning tree's frames, queries for groups. */
static int start_self(struct engine *e)
{
	struct worker *w = &e->self;

	w->id = e->net.n_workers - 1;
	w->small = pool_create(512, PKT_SMALL_ROOM);
	w->large = pool_create(16, PKT_LARGE_ROOM);
	if (!w->small || !w->large)
		return -ENOMEM;
	e->net.self = w;
	e->net.wake = wake;
	ev_async_init(&e->posts, on_posts);
	e->posts.data = e;
	ev_async_start(e->loop, &e->posts);
	return 0;
}

static void stop_self(struct engine *e)
{
	e->net.wake = NULL;
	e->net.self = NULL;
	ev_async_stop(e->loop, &e->posts);
	dev_forget_pending(&e->self);
	pool_destroy(e->self.small);
	pool_destroy(e->self.large);
}

static int engine_up(struct engine *e, struct extack *ea)
{
	/* Namespaces are entered, devices made and others' events heard; programs are looked
	 * into as a debugger would. */
	static const int needed_caps[] = {CAP_NET_ADMIN, CAP_NET_RAW, CAP_NET_BROADCAST,
					  CAP_SYS_ADMIN, CAP_SYS_PTRACE};
	struct workers_config workers;
	bool shortcuts;
	int err;

	err = read_config(&workers, &shortcuts, ea);
	if (err)
		return err;
	raise_limits();
	err = sandbox_engine(needed_caps, array_size(needed_caps), ea);
	if (err)
		return err;
	net_init(&e->net, dev_kinds, workers.n + 1); /* control is one too */
	err = start_self(e);
	if (err)
		return extack_set(ea, err, "no memory for packets");
	err = workers_start(&e->net, &workers, &e->workers, ea);
	if (err)
		return err;
	err = host_start(&e->host, &e->net, e->loop, ea);
	e->host.shortcuts = e->host.shortcuts && shortcuts;
	if (!err)
		err = rtnl_start(&e->rtnl, &e->host, ea);
	if (!err)
		err = gate_start(&e->gate, e->loop, &gate_ops, e, ea);
	if (err)
		return err;
	start_watchers(e);
	e->ctl = ctl_server_start(e->loop, e->start->ctl_fd, verbs, array_size(verbs), e);
	return 0;
}

static void engine_down(struct engine *e)
{
	struct dev *dev;

	ctl_server_stop(e->ctl);
	gate_stop(&e->gate);
	slow_drain(&e->host.slow); /* clients wait for some of it */
	rtnl_stop(&e->rtnl);
	usertap_stop(&e->host);
	while ((dev = list_first(&e->net.devs, struct dev, in_net)))
		dev_destroy(dev);
	net_run_deferred(&e->net);
	host_stop(&e->host);
	workers_stop(e->workers);
	net_run_posts(&e->net);
	net_done(&e->net);
	stop_self(e);
	ev_io_stop(e->loop, &e->dead_io);
	ev_prepare_stop(e->loop, &e->prepare);
	ev_timer_stop(e->loop, &e->tick);
	ev_signal_stop(e->loop, &e->term);
	ev_loop_destroy(e->loop);
}

int engine_run(const struct engine_start *s)
{
	struct engine *e = xnew(struct engine);
	struct extack ea = {};
	int err;

	e->start = s;
	e->loop = ev_default_loop(EVFLAG_AUTO);
	err = engine_up(e, &ea);
	if (err) {
		log_error("engine", s->name, "%s: %s",
			  ea.msg[0] ? ea.msg : "cannot start", strerror(-err));
		free(e);
		return 1;
	}
	if (write(s->ready_fd, "", 1) != 1)
		log_debug("engine", s->name, "nobody waits for it");
	close(s->ready_fd);
	ev_run(e->loop, 0);
	engine_down(e);
	free(e);
	return 0;
}
