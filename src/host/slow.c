/* SPDX-License-Identifier: BSD-2-Clause
 *
 * slow - one thread for work that waits for the kernel.
 *
 * Moving or deleting a device takes four ticks of the kernel's clock, one after the other
 * for the whole machine, so one thread is as good as many.
 */
#include "host/host.h"

#include <poll.h>

static void *slow_main(void *arg)
{
	struct slow *s = arg;

	kernel_thread_home(s->home_fd);
	pthread_mutex_lock(&s->lock);
	for (;;) {
		struct job *job = list_first(&s->todo, struct job, link);

		if (!job && s->stopping)
			break;
		if (!job) {
			pthread_cond_wait(&s->wake, &s->lock);
			continue;
		}
		list_remove(&job->link);
		pthread_mutex_unlock(&s->lock);
		job->run(job);
		pthread_mutex_lock(&s->lock);
		list_append(&s->finished, &job->link);
		ev_async_send(s->loop, &s->done_async);
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

static void run_done(struct slow *s)
{
	for (;;) {
		struct job *job;

		pthread_mutex_lock(&s->lock);
		job = list_first(&s->finished, struct job, link);
		if (job)
			list_remove(&job->link);
		pthread_mutex_unlock(&s->lock);
		if (!job)
			return;
		s->n_pending--;
		job->done(job);
	}
}

static void on_done(struct ev_loop *loop, ev_async *w, int revents)
{
	run_done(w->data);
}

int slow_start(struct slow *s, struct ev_loop *loop, int home_fd)
{
	pthread_attr_t attr;
	int err;

	*s = (struct slow){.loop = loop, .home_fd = home_fd};
	list_init(&s->todo);
	list_init(&s->finished);
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->wake, NULL);
	ev_async_init(&s->done_async, on_done);
	s->done_async.data = s;
	ev_async_start(loop, &s->done_async);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 256 * 1024);
	err = pthread_create(&s->thread, &attr, slow_main, s);
	pthread_attr_destroy(&attr);
	return -err;
}

void slow_post(struct slow *s, struct job *job)
{
	s->n_pending++;
	pthread_mutex_lock(&s->lock);
	list_append(&s->todo, &job->link);
	pthread_cond_signal(&s->wake);
	pthread_mutex_unlock(&s->lock);
}

/* ---- closing ---- */

struct closing {
	struct job job;
	int fd;
};

static void run_closing(struct job *job)
{
	fd_close(&container_of(job, struct closing, job)->fd);
}

static void closing_done(struct job *job)
{
	free(container_of(job, struct closing, job));
}

void slow_close(struct slow *s, int *fd)
{
	struct closing *c;

	if (s->stopping)
		fd_close(fd);
	if (*fd < 0)
		return;
	c = xnew(struct closing);
	c->job.run = run_closing;
	c->job.done = closing_done;
	c->fd = take_fd(fd);
	slow_post(s, &c->job);
}

/* ---- ending ---- */

void slow_drain(struct slow *s)
{
	while (s->n_pending) {
		run_done(s);
		poll(NULL, 0, s->n_pending ? 1 : 0);
	}
}

void slow_stop(struct slow *s)
{
	pthread_mutex_lock(&s->lock);
	s->stopping = true;
	pthread_cond_signal(&s->wake);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->thread, NULL);
	run_done(s);
	ev_async_stop(s->loop, &s->done_async);
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->wake);
}
