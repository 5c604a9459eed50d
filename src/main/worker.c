/* SPDX-License-Identifier: BSD-2-Clause
 *
 * worker - the threads of the data plane: each polls its ports and runs what they give.
 *
 * A round.  epoll says which ports are ready; each in turn gives a burst, which goes through
 * the devices until nothing is pending; ports that gave full bursts are asked again, up to
 * PORT_BURSTS each, so that a busy one neither waits for another epoll_wait nor starves the
 * others.  A round ends with a quiescent state and nothing pending, so no pointer into the
 * model outlives it.
 *
 * Sleeping.  A thread that finds nothing sleeps in epoll_wait and is offline for RCU.  Waking
 * it costs the waker more than a small packet does, so after traffic it first polls for
 * spin_ns; after a wake-up that found nothing it does not.
 *
 * Ports.  The control thread adds and removes them by epoll_ctl, which needs no help from the
 * sleeping worker.  A worker that finds a port dead stops polling it, sets port->dead and
 * raises the eventfd; the control thread looks through its tables for such ports, so there
 * is no ring that could keep a pointer to a port which has gone.
 *
 * Memory.  Stacks are small, and packets cost nothing until they are used.
 */
/* Before ours: it spells an attribute that base.h has a macro for. */
#include <urcu/urcu-qsbr.h>

#include "main/worker.h"

#include "base/fd.h"
#include "port/follow.h"
#include "port/frame.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#define SPIN_NS	    (50 * NSEC_PER_USEC)
#define EVENTS_MAX  64
#define PORT_BURSTS 8
#define STACK_SIZE  ((size_t)256 << 10)
#define N_SMALL	    4096
#define N_LARGE	    128

struct thread {
	cache_aligned struct worker w;
	struct workers *ws;
	int epoll;
	uint64_t rounds, sleeps, packets, bytes;
	bool follows; /* the traffic, from CPU to CPU; else it is pinned */
	struct follow follow;
	cpu_set_t allowed;
	pthread_t pthread;

	/* control only */
	struct port **ports; /* by slot */
	unsigned n_ports, ports_room;
};

struct workers {
	struct net_workers net_workers;
	struct net *net;
	nsec_t spin_ns;
	int stop; /* eventfd: readable for ever once the threads are to end */
	int dead; /* eventfd */
	atomic_bool stopping;
	unsigned n;
	struct thread *threads;
};

/* ---- the loop ---- */

static void count_up(uint64_t *counter, uint64_t n)
{
	__atomic_store_n(counter, *counter + n, __ATOMIC_RELAXED);
}

static void port_died(struct thread *t, struct port *port)
{
	uint64_t one = 1;

	epoll_ctl(t->epoll, EPOLL_CTL_DEL, port->fd, NULL);
	atomic_store_explicit(&port->dead, true, memory_order_release);
	if (write(t->ws->dead, &one, sizeof(one)) < 0)
		return; /* the counter is full: it is readable all the same */
}

static uint64_t burst_bytes(const struct burst *b)
{
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < b->n; i++)
		bytes += pkt_size(b->pkt[i]);
	return bytes;
}

/* Take one burst from @port through the devices.  False: there is no more for now. */
static bool port_run(struct thread *t, struct port *port)
{
	struct worker *w = &t->w;
	struct burst b;
	uint64_t bytes;
	bool alive, full;

	b.n = 0;
	alive = port->ops->receive(w, port, &b);
	/* Had it more to give?  Bursts also end when they have many bytes. */
	bytes = burst_bytes(&b);
	full = b.n == BURST_MAX || bytes >= FRAME_BURST_BYTES;
	t->bytes += bytes;
	count_up(&t->packets, b.n);
	if (unlikely(dev_captured(port->dev)) && port->input == DIR_TX)
		for (uint32_t i = 0; i < b.n; i++)
			b.pkt[i]->flags |= PKT_F_OWN;
	if (port->glance && b.n)
		port->glance(w, port, &b);
	if (port->queue)
		for (uint32_t i = 0; i < b.n; i++)
			b.pkt[i]->queue = (uint16_t)port->queue;
	dev_queue_burst(w, port->dev, port->input, &b);
	while (!dev_run_pending(w, UINT32_MAX))
		;
	if (!alive)
		port_died(t, port);
	return alive && full;
}

/* Returns whether a port was ready. */
static bool ports_run(struct thread *t, const struct epoll_event *events, int n)
{
	struct port *ready[EVENTS_MAX];
	unsigned n_ready = 0;
	bool any;

	for (int i = 0; i < n; i++)
		if (events[i].data.ptr)
			ready[n_ready++] = events[i].data.ptr;
	any = n_ready;
	for (unsigned turn = 0; n_ready && turn < PORT_BURSTS; turn++) {
		unsigned again = 0;

		for (unsigned i = 0; i < n_ready; i++)
			if (port_run(t, ready[i]))
				ready[again++] = ready[i];
		n_ready = again;
	}
	return any;
}

/* What epoll told while the thread was offline may be a port that has been freed since, so it
 * is told again when the thread is online: events are level-triggered. */
static void sleep_for_events(struct thread *t)
{
	struct epoll_event ignored;

	count_up(&t->sleeps, 1);
	urcu_qsbr_thread_offline();
	(void)epoll_wait(t->epoll, &ignored, 1, -1);
	urcu_qsbr_thread_online();
	t->w.now = clock_now();
}

/* Move to where the most is carried (port/follow.h). */
static void change_place(struct thread *t)
{
	int cpu = follow_next(&t->follow, t->w.now, t->bytes, sched_getcpu());
	cpu_set_t cpus;

	if (cpu == FOLLOW_STAY)
		return;
	if (cpu == FOLLOW_ANY) {
		cpus = t->allowed;
	} else {
		CPU_ZERO(&cpus);
		CPU_SET((size_t)cpu, &cpus);
	}
	(void)sched_setaffinity(0, sizeof(cpus), &cpus);
}

static void *thread_run(void *arg)
{
	struct epoll_event events[EVENTS_MAX];
	struct thread *t = arg;
	nsec_t busy_until = 0;

	if (t->follows && sched_getaffinity(0, sizeof(t->allowed), &t->allowed))
		t->follows = false;
	if (t->follows)
		follow_init(&t->follow, &t->allowed);
	urcu_qsbr_register_thread();
	while (!atomic_load_explicit(&t->ws->stopping, memory_order_relaxed)) {
		int n;

		t->w.now = clock_now();
		if (t->w.now >= busy_until)
			sleep_for_events(t);
		n = epoll_wait(t->epoll, events, EVENTS_MAX, 0);
		if (ports_run(t, events, n))
			busy_until = t->w.now + t->ws->spin_ns;
		if (t->follows)
			change_place(t);
		count_up(&t->rounds, 1);
		urcu_qsbr_quiescent_state();
	}
	urcu_qsbr_unregister_thread();
	if (t->follows)
		follow_done(&t->follow);
	return NULL;
}

/* ---- ports ---- */

static struct thread *least_loaded(struct workers *ws)
{
	struct thread *best = &ws->threads[0];

	for (unsigned i = 1; i < ws->n; i++)
		if (ws->threads[i].n_ports < best->n_ports)
			best = &ws->threads[i];
	return best;
}

static int add_port(struct net_workers *nw, struct port *port)
{
	struct workers *ws = container_of(nw, struct workers, net_workers);
	struct thread *t = least_loaded(ws);
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = port};

	atomic_store_explicit(&port->dead, false, memory_order_relaxed);
	port->worker = t->w.id;
	port->slot = t->n_ports;
	if (epoll_ctl(t->epoll, EPOLL_CTL_ADD, port->fd, &event) < 0)
		return -errno;
	if (t->n_ports == t->ports_room) {
		t->ports_room = t->ports_room ? t->ports_room * 2 : 16;
		t->ports = xrealloc(t->ports, t->ports_room * sizeof(t->ports[0]));
	}
	t->ports[t->n_ports++] = port;
	return 0;
}

/* Out of the table, if it is there.  The last one takes its slot. */
static bool forget_port(struct workers *ws, struct port *port)
{
	struct thread *t;

	if (port->worker >= ws->n)
		return false;
	t = &ws->threads[port->worker];
	if (port->slot >= t->n_ports || t->ports[port->slot] != port)
		return false;
	t->ports[port->slot] = t->ports[--t->n_ports];
	t->ports[port->slot]->slot = port->slot;
	return true;
}

static void remove_port(struct net_workers *nw, struct port *port)
{
	struct workers *ws = container_of(nw, struct workers, net_workers);

	/* A dead one has left epoll already, and this fails, or it is leaving it now. */
	if (forget_port(ws, port))
		epoll_ctl(ws->threads[port->worker].epoll, EPOLL_CTL_DEL, port->fd, NULL);
}

int workers_dead_fd(const struct workers *ws)
{
	return ws->dead;
}

struct port *workers_take_dead(struct workers *ws)
{
	uint64_t count;

	/* Lowered first: what dies while the tables are searched raises it again. */
	if (read(ws->dead, &count, sizeof(count)) < 0 && errno != EAGAIN)
		return NULL;
	for (unsigned i = 0; i < ws->n; i++) {
		struct thread *t = &ws->threads[i];

		for (unsigned j = 0; j < t->n_ports; j++) {
			struct port *port = t->ports[j];

			if (!atomic_load_explicit(&port->dead, memory_order_acquire))
				continue;
			forget_port(ws, port);
			return port;
		}
	}
	return NULL;
}

/* ---- life ---- */

static int thread_init(struct workers *ws, unsigned id,
		       const struct workers_config *config)
{
	struct thread *t = &ws->threads[id];
	struct epoll_event event = {.events = EPOLLIN};

	t->ws = ws;
	t->w.id = id;
	t->w.small = pool_create(config->n_small ?: N_SMALL, PKT_SMALL_ROOM);
	t->w.large = pool_create(config->n_large ?: N_LARGE, PKT_LARGE_ROOM);
	t->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (t->epoll < 0 || epoll_ctl(t->epoll, EPOLL_CTL_ADD, ws->stop, &event) < 0)
		return -errno;
	return t->w.small && t->w.large ? 0 : -ENOMEM;
}

static void thread_done(struct thread *t)
{
	dev_forget_pending(&t->w);
	pool_destroy(t->w.small);
	pool_destroy(t->w.large);
	if (t->epoll >= 0)
		close(t->epoll);
	free(t->ports);
}

/* Signals are the control thread's. */
static int thread_start(struct thread *t, int cpu)
{
	char name[16];
	pthread_attr_t attr;
	sigset_t all, before;
	int err;

	t->follows = cpu < 0;
	sigfillset(&all);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	if (cpu >= 0) {
		cpu_set_t cpus;

		CPU_ZERO(&cpus);
		CPU_SET((size_t)cpu, &cpus);
		pthread_attr_setaffinity_np(&attr, sizeof(cpus), &cpus);
	}
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&t->pthread, &attr, thread_run, t);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	if (err)
		return -err;
	snprintf(name, sizeof(name), "worker-%u", t->w.id);
	pthread_setname_np(t->pthread, name);
	return 0;
}

static void workers_free(struct workers *ws, unsigned n_inited)
{
	for (unsigned i = 0; i < n_inited; i++)
		thread_done(&ws->threads[i]);
	fd_close(&ws->stop);
	fd_close(&ws->dead);
	free(ws->threads);
	free(ws);
}

static void threads_join(struct workers *ws, unsigned n_started)
{
	uint64_t one = 1;

	atomic_store(&ws->stopping, true);
	/* A new eventfd's counter cannot be full. */
	if (write(ws->stop, &one, sizeof(one)) < 0)
		abort();
	for (unsigned i = 0; i < n_started; i++)
		pthread_join(ws->threads[i].pthread, NULL);
}

int workers_start(struct net *net, const struct workers_config *config,
		  struct workers **ret, struct extack *ea)
{
	struct workers *ws = xnew(struct workers);
	unsigned n_inited = 0, n_started = 0;
	int err;

	ws->net_workers =
		(struct net_workers){.add_port = add_port, .remove_port = remove_port};
	ws->net = net;
	ws->n = config->n ?: 1;
	ws->spin_ns = config->spin_ns < 0 ? SPIN_NS : config->spin_ns;
	assert(ws->n <= net->n_workers);
	ws->threads = aligned_alloc(64, ws->n * sizeof(ws->threads[0]));
	assert(ws->threads);
	memset(ws->threads, 0, ws->n * sizeof(ws->threads[0]));
	ws->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ws->dead = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	err = ws->stop < 0 || ws->dead < 0 ? -errno : 0;
	while (!err && n_inited < ws->n)
		err = thread_init(ws, n_inited++, config);
	while (!err && n_started < ws->n) {
		int cpu = config->first_cpu < 0 ? -1 : config->first_cpu + (int)n_started;

		err = thread_start(&ws->threads[n_started], cpu);
		n_started += !err;
	}
	if (err) {
		threads_join(ws, n_started);
		workers_free(ws, n_inited);
		return extack_set(ea, err, "cannot start the data plane's threads: %s",
				  strerror(-err));
	}
	net->workers = &ws->net_workers;
	*ret = ws;
	return 0;
}

void workers_stop(struct workers *ws)
{
	if (!ws)
		return;
	threads_join(ws, ws->n);
	ws->net->workers = NULL;
	workers_free(ws, ws->n);
}

void workers_stats(const struct workers *ws, struct workers_stats *sum)
{
	*sum = (struct workers_stats){};
	for (unsigned i = 0; i < ws->n; i++) {
		const struct thread *t = &ws->threads[i];

		sum->rounds += __atomic_load_n(&t->rounds, __ATOMIC_RELAXED);
		sum->sleeps += __atomic_load_n(&t->sleeps, __ATOMIC_RELAXED);
		sum->packets += __atomic_load_n(&t->packets, __ATOMIC_RELAXED);
		sum->bursts += __atomic_load_n(&t->w.n_work, __ATOMIC_RELAXED);
		for (unsigned why = 0; why < DROP_N_REASONS; why++)
			sum->drops[why] +=
				__atomic_load_n(&t->w.drops[why], __ATOMIC_RELAXED);
	}
}
