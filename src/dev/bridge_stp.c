/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_stp - the spanning tree algorithm and protocol of 802.1D-1998, clause 8.
 *
 * The functions below the line "procedures" are the clause's own, named as it names them, in
 * its order, but for management, which is bridge_stp_conf.c; each comment is the clause.  Everything runs on the control thread: BPDUs come
 * as posts, timers are control's.  A bridge without STP runs the same code with every port
 * designated and forwarding at once, so that identifiers and states are always there to be
 * shown.
 */
#include "dev/bpdu.h"
#include "dev/bridge_stp.h"
#include "net/post.h"

#include <linux/if_ether.h>

#define HOLD_TIME 100u /* clock ticks; 8.10.2 table 8-3 */

/* 8.6.1.1.3.2: what a BPDU ages by in a bridge, in ticks (Linux: one of its own jiffies). */
#define MESSAGE_AGE_INCREMENT 1u

/* ---- procedures (8.6) ---- */

static void tcn_due(struct timer *t);
static void topology_change_due(struct timer *t);
static void message_age_due(struct timer *t);
static void forward_delay_due(struct timer *t);
static void hold_due(struct timer *t);

static void send_bpdu(struct bridge_port *bp, const struct bpdu *b)
{
	uint8_t frame[BPDU_FRAME_MAX];
	uint32_t len =
		bpdu_write(b, bridge_config(bp->br)->group_addr, bp->dev->addr, frame);

	bridge_send(bp, frame, len);
}

/* 8.6.1 */
static void transmit_config(struct bridge_port *bp)
{
	const struct stp_bridge *s = &bp->br->stp;
	struct bpdu b = {.type = BPDU_CONFIG,
			 .topology_change = s->topology_change,
			 .topology_change_ack = bp->stp.topology_change_ack,
			 .root_path_cost = s->root_path_cost,
			 .port_id = bp->stp.port_id,
			 .max_age = s->max_age,
			 .hello_time = s->hello_time,
			 .forward_delay = s->forward_delay};

	if (is_running(&bp->stp.hold_timer)) {
		bp->stp.config_pending = true;
		return;
	}
	memcpy(b.root, s->designated_root, ID_SIZE);
	memcpy(b.bridge, s->bridge_id, ID_SIZE);
	if (!is_root(bp->br)) {
		const struct bridge_port *root = bp->br->by_no[s->root_port];

		b.message_age = s->max_age - ticks_left(&root->stp.message_age_timer) +
				MESSAGE_AGE_INCREMENT;
	}
	if (b.message_age >= b.max_age || !stp_on(bp->br))
		return;
	bp->stp_counted.tx_bpdu++;
	send_bpdu(bp, &b);
	bp->stp.topology_change_ack = false;
	bp->stp.config_pending = false;
	arm(&bp->stp.hold_timer, HOLD_TIME, hold_due);
}

/* 8.6.2.2 */
static bool supersedes_port_info(const struct bridge_port *bp, const struct bpdu *b)
{
	const struct stp_port *p = &bp->stp;
	int cmp = id_cmp(b->root, p->designated_root);

	if (cmp)
		return cmp < 0;
	if (b->root_path_cost != p->designated_cost)
		return b->root_path_cost < p->designated_cost;
	cmp = id_cmp(b->bridge, p->designated_bridge);
	if (cmp)
		return cmp < 0;
	return id_cmp(b->bridge, bp->br->stp.bridge_id) ||
	       b->port_id <= p->designated_port;
}

/* 8.6.2: record configuration information. */
static void record_config_information(struct bridge_port *bp, const struct bpdu *b)
{
	memcpy(bp->stp.designated_root, b->root, ID_SIZE);
	bp->stp.designated_cost = b->root_path_cost;
	memcpy(bp->stp.designated_bridge, b->bridge, ID_SIZE);
	bp->stp.designated_port = b->port_id;
	arm(&bp->stp.message_age_timer, b->max_age - b->message_age, message_age_due);
}

void stp_set_topology_change(struct bridge *br, bool on)
{
	if (br->stp.topology_change == on)
		return;
	br->stp.topology_change = on;
	bridge_short_ageing(br, on);
}

/* 8.6.3 */
static void record_config_timeout_values(struct bridge *br, const struct bpdu *b)
{
	br->stp.max_age = b->max_age;
	br->stp.hello_time = b->hello_time;
	br->stp.forward_delay = b->forward_delay;
	stp_set_topology_change(br, b->topology_change);
}

/* 8.6.4 */
void stp_config_bpdu_generation(struct bridge *br)
{
	struct bridge_port *bp;

	ports_foreach(bp, br)
		if (!is_disabled(bp) && is_designated(bp))
			transmit_config(bp);
}

/* 8.6.6 */
static void transmit_tcn(struct bridge *br)
{
	static const struct bpdu tcn = {.type = BPDU_TCN};

	if (!br->stp.root_port || !stp_on(br))
		return;
	br->by_no[br->stp.root_port]->stp_counted.tx_tcn++;
	send_bpdu(br->by_no[br->stp.root_port], &tcn);
}

/* 8.6.8.3.1: is @bp a better way to the root than @best (NULL: none yet)? */
static bool is_better_root(const struct bridge_port *bp, const struct bridge_port *best)
{
	const struct stp_port *p = &bp->stp, *q;
	uint32_t cost, best_cost;
	int cmp;

	if (is_disabled(bp) || is_designated(bp) ||
	    id_cmp(bp->br->stp.bridge_id, p->designated_root) <= 0)
		return false;
	if (!best)
		return true;
	q = &best->stp;
	cmp = id_cmp(p->designated_root, q->designated_root);
	if (cmp)
		return cmp < 0;
	cost = p->designated_cost + bp->cost;
	best_cost = q->designated_cost + best->cost;
	if (cost != best_cost)
		return cost < best_cost;
	cmp = id_cmp(p->designated_bridge, q->designated_bridge);
	if (cmp)
		return cmp < 0;
	if (p->designated_port != q->designated_port)
		return p->designated_port < q->designated_port;
	return p->port_id < q->port_id;
}

/* Not the standard's: a port with root_block that would lead to a root carries nothing, as
 * long as that root is heard of there and the forward delay after. */
static void keep_from_root(struct bridge_port *bp)
{
	bridge_port_enter_state(bp, BR_STATE_LISTENING);
	if (bp->br->stp.forward_delay)
		arm(&bp->stp.forward_delay_timer, bp->br->stp.forward_delay,
		    forward_delay_due);
}

/* 8.6.8 */
static void root_selection(struct bridge *br)
{
	struct bridge_port *bp, *best = NULL;

	ports_foreach(bp, br) {
		if (!is_better_root(bp, best))
			continue;
		if (bridge_port_config(bp)->root_block)
			keep_from_root(bp);
		else
			best = bp;
	}
	br->stp.root_port = best ? best->no : 0;
	memcpy(br->stp.designated_root,
	       best ? best->stp.designated_root : br->stp.bridge_id, ID_SIZE);
	br->stp.root_path_cost = best ? best->stp.designated_cost + best->cost : 0;
}

/* 8.6.10 */
void stp_become_designated_port(struct bridge_port *bp)
{
	const struct stp_bridge *s = &bp->br->stp;

	memcpy(bp->stp.designated_root, s->designated_root, ID_SIZE);
	bp->stp.designated_cost = s->root_path_cost;
	memcpy(bp->stp.designated_bridge, s->bridge_id, ID_SIZE);
	bp->stp.designated_port = bp->stp.port_id;
}

/* 8.6.9.3: does this bridge's port serve its LAN better than the one that does? */
static bool should_be_designated(const struct bridge_port *bp)
{
	const struct stp_bridge *s = &bp->br->stp;
	int cmp;

	if (is_designated(bp) || id_cmp(bp->stp.designated_root, s->designated_root))
		return true;
	if (s->root_path_cost != bp->stp.designated_cost)
		return s->root_path_cost < bp->stp.designated_cost;
	cmp = id_cmp(s->bridge_id, bp->stp.designated_bridge);
	return cmp ? cmp < 0 : bp->stp.port_id < bp->stp.designated_port;
}

/* 8.6.7, 8.6.9 */
void stp_configuration_update(struct bridge *br)
{
	struct bridge_port *bp;

	root_selection(br);
	ports_foreach(bp, br)
		if (!is_disabled(bp) && should_be_designated(bp))
			stp_become_designated_port(bp);
}

/* 8.6.14 */
static void topology_change_detection(struct bridge *br)
{
	const struct bridge_config *c = bridge_config(br);

	if (!stp_on(br))
		return;
	if (is_root(br)) {
		stp_set_topology_change(br, true);
		arm(&br->stp.topology_change_timer, c->forward_delay + c->max_age,
		    topology_change_due);
	} else if (!br->stp.topology_change_detected) {
		transmit_tcn(br);
		arm(&br->stp.tcn_timer, c->hello_time, tcn_due);
	}
	br->stp.topology_change_detected = true;
}

/* 8.6.15 */
static void topology_change_acknowledged(struct bridge *br)
{
	br->stp.topology_change_detected = false;
	timer_disarm(&br->stp.tcn_timer);
}

/* 8.6.12 */
static void make_forwarding(struct bridge_port *bp)
{
	if (port_state(bp) != BR_STATE_BLOCKING)
		return;
	if (!stp_on(bp->br) || !bp->br->stp.forward_delay) {
		bridge_port_enter_state(bp, BR_STATE_FORWARDING);
		topology_change_detection(bp->br);
		timer_disarm(&bp->stp.forward_delay_timer);
		return;
	}
	bridge_port_enter_state(bp, BR_STATE_LISTENING);
	arm(&bp->stp.forward_delay_timer, bp->br->stp.forward_delay, forward_delay_due);
}

/* 8.6.13 */
static void make_blocking(struct bridge_port *bp)
{
	uint8_t state = port_state(bp);

	if (state == BR_STATE_DISABLED || state == BR_STATE_BLOCKING)
		return;
	bridge_port_enter_state(bp, BR_STATE_BLOCKING);
	timer_disarm(&bp->stp.forward_delay_timer);
	if (state == BR_STATE_FORWARDING || state == BR_STATE_LEARNING)
		topology_change_detection(bp->br);
}

/* 8.6.11 */
void stp_port_state_selection(struct bridge *br)
{
	struct bridge_port *bp;

	ports_foreach(bp, br) {
		if (is_disabled(bp))
			continue;
		if (bp->no == br->stp.root_port) {
			bp->stp.config_pending = bp->stp.topology_change_ack = false;
			make_forwarding(bp);
		} else if (is_designated(bp)) {
			timer_disarm(&bp->stp.message_age_timer);
			make_forwarding(bp);
		} else {
			bp->stp.config_pending = bp->stp.topology_change_ack = false;
			make_blocking(bp);
		}
	}
	if (!br->dev->making) /* as Linux: also where there is no port at all */
		dev_set_carrier(br->dev, br->n_forwarding);
}

/* What 8.7.3, 8.8.2 and 8.8.4 do when this bridge has become the root. */
static void become_root(struct bridge *br)
{
	const struct bridge_config *c = bridge_config(br);

	br->stp.max_age = c->max_age;
	br->stp.hello_time = c->hello_time;
	br->stp.forward_delay = c->forward_delay;
	topology_change_detection(br);
	timer_disarm(&br->stp.tcn_timer);
	if (dev_is_up(br->dev)) {
		stp_config_bpdu_generation(br);
		arm(&br->stp.hello_timer, c->hello_time, stp_hello_due);
	}
}

void stp_update(struct bridge *br, bool was_root)
{
	stp_configuration_update(br);
	stp_port_state_selection(br);
	if (is_root(br) && !was_root)
		become_root(br);
}

/* ---- BPDUs that arrive (8.7.1, 8.7.2) ---- */

/* This bridge was the root, and is no more. */
static void root_lost(struct bridge *br)
{
	timer_disarm(&br->stp.hello_timer);
	if (!br->stp.topology_change_detected)
		return;
	timer_disarm(&br->stp.topology_change_timer);
	transmit_tcn(br);
	arm(&br->stp.tcn_timer, bridge_config(br)->hello_time, tcn_due);
}

static void received_config(struct bridge_port *bp, const struct bpdu *b)
{
	struct bridge *br = bp->br;
	bool was_root = is_root(br);

	bp->stp_counted.rx_bpdu++;
	if (!supersedes_port_info(bp, b)) {
		if (is_designated(bp))
			transmit_config(bp); /* 8.6.5: reply */
		return;
	}
	record_config_information(bp, b);
	stp_configuration_update(br);
	stp_port_state_selection(br);
	if (was_root && !is_root(br))
		root_lost(br);
	if (bp->no != br->stp.root_port)
		return;
	record_config_timeout_values(br, b);
	stp_config_bpdu_generation(br);
	if (b->topology_change_ack)
		topology_change_acknowledged(br);
}

static void received_tcn(struct bridge_port *bp)
{
	bp->stp_counted.rx_tcn++;
	if (!is_designated(bp))
		return;
	topology_change_detection(bp->br);
	bp->stp.topology_change_ack = true; /* 8.6.16 */
	transmit_config(bp);
}

void stp_receive(struct net *net, struct post *post)
{
	const struct frame_post *f = container_of(post, struct frame_post, post);
	struct dev *br_dev = f->dev->dying ? NULL : dev_bridge_of(f->dev);
	struct bridge_port *bp = br_dev ? dev_port_state(f->dev) : NULL;
	struct bpdu b;

	if (bp && stp_on(bp->br) && dev_is_up(br_dev) && !is_disabled(bp) &&
	    bpdu_read(&b, f->data, f->len) &&
	    !memcmp(f->data, bridge_config(bp->br)->group_addr, ETH_ALEN)) {
		if (bridge_port_config(bp)->guard)
			stp_port_disable(bp);
		else if (b.type == BPDU_TCN)
			received_tcn(bp);
		else if (b.message_age <= b.max_age)
			received_config(bp, &b);
	}
	free(post);
}

void bridge_stp_counters(const struct dev *port, struct bridge_stp_xstats *sum)
{
	*sum = ((const struct bridge_port *)dev_port_state(port))->stp_counted;
}

/* ---- timers (8.7.3 to 8.7.8) ---- */

void stp_hello_due(struct timer *t)
{
	struct bridge *br = container_of(t, struct bridge, stp.hello_timer);

	if (!dev_is_up(br->dev))
		return;
	stp_config_bpdu_generation(br);
	if (stp_on(br))
		arm(t, br->stp.hello_time, stp_hello_due);
}

static void tcn_due(struct timer *t)
{
	struct bridge *br = container_of(t, struct bridge, stp.tcn_timer);

	if (is_root(br) || !dev_is_up(br->dev))
		return;
	transmit_tcn(br);
	arm(t, bridge_config(br)->hello_time, tcn_due);
}

static void topology_change_due(struct timer *t)
{
	struct bridge *br = container_of(t, struct bridge, stp.topology_change_timer);

	br->stp.topology_change_detected = false;
	stp_set_topology_change(br, false);
}

static void message_age_due(struct timer *t)
{
	struct bridge_port *bp =
		container_of(t, struct bridge_port, stp.message_age_timer);
	bool was_root = is_root(bp->br);

	if (is_disabled(bp))
		return;
	stp_become_designated_port(bp);
	stp_update(bp->br, was_root);
}

static bool is_designated_for_some_port(const struct bridge *br)
{
	const struct bridge_port *bp;

	ports_foreach(bp, br)
		if (!is_disabled(bp) &&
		    !id_cmp(bp->stp.designated_bridge, br->stp.bridge_id))
			return true;
	return false;
}

static void forward_delay_due(struct timer *t)
{
	struct bridge_port *bp =
		container_of(t, struct bridge_port, stp.forward_delay_timer);

	if (port_state(bp) == BR_STATE_LISTENING) {
		bridge_port_enter_state(bp, BR_STATE_LEARNING);
		arm(t, bp->br->stp.forward_delay, forward_delay_due);
	} else if (port_state(bp) == BR_STATE_LEARNING) {
		bridge_port_enter_state(bp, BR_STATE_FORWARDING);
		if (is_designated_for_some_port(bp->br))
			topology_change_detection(bp->br);
	}
}

static void hold_due(struct timer *t)
{
	struct bridge_port *bp = container_of(t, struct bridge_port, stp.hold_timer);

	if (bp->stp.config_pending)
		transmit_config(bp);
}
