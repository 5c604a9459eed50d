/* SPDX-License-Identifier: BSD-2-Clause
 *
 * post - what workers tell the control thread, and frames that control sends itself.
 *
 * A worker that meets something only control may decide (a BPDU, a report of a multicast
 * group) posts it and goes on.  Posts are run on the control thread in the order in which
 * each worker posted them, soon; at the latest before the memory goes of what was unpublished
 * after they were posted.  So a post may name a device: it may be dying when the post is run
 * (dev->dying, or without the master it had), but it is there.
 *
 * To send, control is a worker too, the last of the net: it makes the frame from pools of its
 * own and sees it all the way to the ports.
 */
#pragma once

#include "net/dev.h"

struct post {
	struct post *next;
	/* Control.  Owns the post. */
	void (*run)(struct net *net, struct post *p);
};

/* So many may wait; what is posted beyond is lost. */
#define POSTS_MAX 4096

/* Takes @p.  False: there are too many, and it was freed.  Worker. */
bool net_post(struct net *net, struct post *p);

/* A frame that arrived on @dev, as posted by a worker. */
struct frame_post {
	struct post post;
	struct dev *dev;
	uint16_t vid; /* the packet's */
	uint32_t len;
	uint8_t data[];
};

/* Post a copy of the first @max bytes of @p, which arrived on @dev.  @run gets the frame_post's
 * post and frees it.  Borrows @p.  Worker. */
bool net_post_frame(struct net *net, struct dev *dev, const struct pkt *p, uint32_t max,
		    void (*run)(struct net *net, struct post *post));

/* Run what has been posted.  Control. */
void net_run_posts(struct net *net);

/* Send a frame by @dev (DIR_TX), or let it arrive there (DIR_RX), at once.  Nothing happens in
 * a net without a worker for control.  Control, and never from inside the data path. */
void net_send(struct net *net, struct dev *dev, enum dir dir, const void *frame,
	      uint32_t len);
