/* SPDX-License-Identifier: BSD-2-Clause
 *
 * post - a stack that many push to and one takes whole, turned round before it is run.
 */
#include "net/post.h"
#include "net/net.h"

bool net_post(struct net *net, struct post *p)
{
	struct post *old;

	if (atomic_fetch_add_explicit(&net->n_posts, 1, memory_order_relaxed) >=
	    POSTS_MAX) {
		atomic_fetch_sub_explicit(&net->n_posts, 1, memory_order_relaxed);
		free(p);
		return false;
	}
	old = atomic_load_explicit(&net->posts, memory_order_relaxed);
	do {
		p->next = old;
	} while (!atomic_compare_exchange_weak_explicit(
		&net->posts, &old, p, memory_order_release, memory_order_relaxed));
	if (!old && net->wake)
		net->wake(net);
	return true;
}

bool net_post_frame(struct net *net, struct dev *dev, const struct pkt *p, uint32_t max,
		    void (*run)(struct net *net, struct post *post))
{
	uint32_t len = min(pkt_size(p), max);
	struct frame_post *f = malloc(sizeof(*f) + len);

	if (!f)
		return false;
	f->post.run = run;
	f->dev = dev;
	f->vid = p->vid;
	f->len = len;
	if (!pkt_copy_out(p, 0, f->data, len)) {
		free(f);
		return false;
	}
	return net_post(net, &f->post);
}

void net_run_posts(struct net *net)
{
	struct post *p = atomic_exchange_explicit(&net->posts, NULL,
						  memory_order_acquire),
		    *first = NULL, *next;

	for (; p; p = next) {
		next = p->next;
		p->next = first;
		first = p;
	}
	for (; first; first = next) {
		next = first->next;
		atomic_fetch_sub_explicit(&net->n_posts, 1, memory_order_relaxed);
		first->run(net, first);
	}
}

void net_send(struct net *net, struct dev *dev, enum dir dir, const void *frame,
	      uint32_t len)
{
	struct worker *w = net->self;
	struct pkt *p;

	if (!w)
		return;
	w->now = clock_now();
	p = pkt_from(w, frame, len);
	if (!p)
		return;
	dev_queue(w, dev, dir, p);
	while (!dev_run_pending(w, UINT32_MAX))
		;
}
