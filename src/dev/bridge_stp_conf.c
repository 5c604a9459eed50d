/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_stp_conf - management of the spanning tree (802.1D-1998 clause 8.8), and what is shown.
 */
#include "dev/bridge_stp.h"
#include "nl/msg.h"

#include <linux/if_ether.h>

#define MIN_FORWARD_DELAY 200u
#define MAX_FORWARD_DELAY 3000u

/* ---- the bridge (8.8.1, 8.8.4) ---- */

static void make_bridge_id(const struct bridge *br, uint8_t id[ID_SIZE])
{
	uint16_t priority = bridge_config(br)->priority;

	id[0] = (uint8_t)(priority >> 8);
	id[1] = (uint8_t)priority;
	memset(id + 2, 0, ETH_ALEN);
	if (br->addr_in_id)
		memcpy(id + 2, bridge_addr(br->dev), ETH_ALEN);
}

void stp_bridge_init(struct bridge *br)
{
	const struct bridge_config *c = bridge_config(br);

	make_bridge_id(br, br->stp.bridge_id);
	memcpy(br->stp.designated_root, br->stp.bridge_id, ID_SIZE);
	br->stp.max_age = c->max_age;
	br->stp.hello_time = c->hello_time;
	br->stp.forward_delay = c->forward_delay;
}

static void timers_off(struct bridge *br)
{
	timer_disarm(&br->stp.hello_timer);
	timer_disarm(&br->stp.tcn_timer);
	timer_disarm(&br->stp.topology_change_timer);
}

void stp_bridge_done(struct bridge *br)
{
	timers_off(br);
}

/* 8.8.1 */
void stp_bridge_updown(struct bridge *br)
{
	struct bridge_port *bp;

	if (dev_is_up(br->dev)) {
		if (stp_on(br))
			arm(&br->stp.hello_timer, br->stp.hello_time, stp_hello_due);
		stp_config_bpdu_generation(br);
		ports_foreach(bp, br)
			if (bridge_port_may_work(bp))
				stp_port_enable(bp);
		return;
	}
	ports_foreach(bp, br)
		stp_port_disable(bp);
	stp_set_topology_change(br, false);
	br->stp.topology_change_detected = false;
	timers_off(br);
}

/* 8.8.4: another identifier, by address or priority; of the latter, ports that are disabled
 * hear when they are enabled, as on Linux. */
static void set_bridge_id(struct bridge *br, bool disabled_too)
{
	bool was_root = is_root(br);
	uint8_t id[ID_SIZE], old[ID_SIZE];
	struct bridge_port *bp;

	make_bridge_id(br, id);
	memcpy(old, br->stp.bridge_id, ID_SIZE);
	if (!id_cmp(id, old))
		return;
	memcpy(br->stp.bridge_id, id, ID_SIZE);
	ports_foreach(bp, br) {
		if (port_state(bp) == BR_STATE_DISABLED && !disabled_too)
			continue;
		if (!id_cmp(bp->stp.designated_bridge, old))
			memcpy(bp->stp.designated_bridge, id, ID_SIZE);
		if (!id_cmp(bp->stp.designated_root, old))
			memcpy(bp->stp.designated_root, id, ID_SIZE);
	}
	stp_update(br, was_root);
}

void stp_bridge_addr(struct bridge *br)
{
	set_bridge_id(br, true);
}

int stp_check(const struct bridge *br, struct bridge_config *next, struct extack *ea)
{
	const struct bridge_config *now = bridge_config(br);
	uint32_t delay = next->forward_delay;

	if (delay >= MIN_FORWARD_DELAY && delay <= MAX_FORWARD_DELAY)
		return 0;
	if (now->stp_state)
		return delay == now->forward_delay ? 0 : -ERANGE;
	/* Without STP any will do; when it starts the nearest that is allowed is taken. */
	if (next->stp_state)
		next->forward_delay =
			delay < MIN_FORWARD_DELAY ? MIN_FORWARD_DELAY : MAX_FORWARD_DELAY;
	return 0;
}

void stp_bridge_changed(struct bridge *br, const struct bridge_config *old)
{
	const struct bridge_config *c = bridge_config(br);

	if (is_root(br)) {
		br->stp.max_age = c->max_age;
		br->stp.hello_time = c->hello_time;
		br->stp.forward_delay = c->forward_delay;
	}
	if (c->stp_state && !old->stp_state) {
		if (dev_is_up(br->dev))
			arm(&br->stp.hello_timer, c->hello_time, stp_hello_due);
		stp_port_state_selection(br);
	}
	if (c->priority != old->priority)
		set_bridge_id(br, false);
}

/* ---- ports (8.8.2, 8.8.3, 8.8.5, 8.8.6) ---- */

static uint16_t make_port_id(const struct bridge_port *bp)
{
	return (uint16_t)(bridge_port_config(bp)->priority << 10 | (bp->no & 0x3ff));
}

void stp_port_init(struct bridge_port *bp)
{
	bp->stp.port_id = make_port_id(bp);
	stp_become_designated_port(bp);
}

static void port_timers_off(struct bridge_port *bp)
{
	timer_disarm(&bp->stp.message_age_timer);
	timer_disarm(&bp->stp.forward_delay_timer);
	timer_disarm(&bp->stp.hold_timer);
}

void stp_port_done(struct bridge_port *bp)
{
	port_timers_off(bp);
}

void stp_port_enable(struct bridge_port *bp)
{
	if (!is_disabled(bp))
		return;
	stp_port_init(bp);
	bp->stp.topology_change_ack = bp->stp.config_pending = false;
	bridge_port_enter_state(bp, BR_STATE_BLOCKING);
	stp_port_state_selection(bp->br);
}

void stp_port_disable(struct bridge_port *bp)
{
	bool was_root = is_root(bp->br);

	if (is_disabled(bp))
		return;
	stp_become_designated_port(bp);
	bp->stp.topology_change_ack = bp->stp.config_pending = false;
	port_timers_off(bp);
	bridge_port_enter_state(bp, BR_STATE_DISABLED);
	bridge_port_forget(bp);
	stp_update(bp->br, was_root);
}

void stp_port_set_state(struct bridge_port *bp, uint8_t state)
{
	bridge_port_enter_state(bp, state);
	stp_port_state_selection(
		bp->br); /* without STP who is blocked forwards at once */
}

void stp_port_changed(struct bridge_port *bp)
{
	uint16_t id = make_port_id(bp);
	bool designated = is_designated(bp);

	if (id != bp->stp.port_id) {
		bp->stp.port_id = id;
		if (designated)
			bp->stp.designated_port = id;
		/* 8.8.5.3.4: it serves its LAN now where another port of this bridge did */
		if (!id_cmp(bp->br->stp.bridge_id, bp->stp.designated_bridge) &&
		    id < bp->stp.designated_port) {
			stp_become_designated_port(bp);
			stp_port_state_selection(bp->br);
		}
		return;
	}
	stp_configuration_update(bp->br);
	stp_port_state_selection(bp->br);
}

/* ---- what is shown ---- */

static void put_timer(struct nlbuf *b, unsigned attr, const struct timer *t)
{
	put_u64(b, attr, ticks_left(t));
}

void stp_fill(const struct bridge *br, struct nlbuf *b)
{
	const struct stp_bridge *s = &br->stp;

	put_u32(b, IFLA_BR_FORWARD_DELAY, s->forward_delay);
	put_u32(b, IFLA_BR_HELLO_TIME, s->hello_time);
	put_u32(b, IFLA_BR_MAX_AGE, s->max_age);
	put_attr(b, IFLA_BR_ROOT_ID, s->designated_root, ID_SIZE);
	put_attr(b, IFLA_BR_BRIDGE_ID, s->bridge_id, ID_SIZE);
	put_u16(b, IFLA_BR_ROOT_PORT, s->root_port);
	put_u32(b, IFLA_BR_ROOT_PATH_COST, s->root_path_cost);
	put_u8(b, IFLA_BR_TOPOLOGY_CHANGE, s->topology_change);
	put_u8(b, IFLA_BR_TOPOLOGY_CHANGE_DETECTED, s->topology_change_detected);
	put_timer(b, IFLA_BR_HELLO_TIMER, &s->hello_timer);
	put_timer(b, IFLA_BR_TCN_TIMER, &s->tcn_timer);
	put_timer(b, IFLA_BR_TOPOLOGY_CHANGE_TIMER, &s->topology_change_timer);
}

void stp_port_fill(const struct bridge_port *bp, struct nlbuf *b)
{
	const struct stp_port *p = &bp->stp;

	put_attr(b, IFLA_BRPORT_ROOT_ID, p->designated_root, ID_SIZE);
	put_attr(b, IFLA_BRPORT_BRIDGE_ID, p->designated_bridge, ID_SIZE);
	put_u16(b, IFLA_BRPORT_DESIGNATED_PORT, p->designated_port);
	put_u16(b, IFLA_BRPORT_DESIGNATED_COST, (uint16_t)p->designated_cost);
	put_u16(b, IFLA_BRPORT_ID, p->port_id);
	put_u16(b, IFLA_BRPORT_NO, bp->no);
	put_u8(b, IFLA_BRPORT_TOPOLOGY_CHANGE_ACK, p->topology_change_ack);
	put_u8(b, IFLA_BRPORT_CONFIG_PENDING, p->config_pending);
	put_timer(b, IFLA_BRPORT_MESSAGE_AGE_TIMER, &p->message_age_timer);
	put_timer(b, IFLA_BRPORT_FORWARD_DELAY_TIMER, &p->forward_delay_timer);
	put_timer(b, IFLA_BRPORT_HOLD_TIMER, &p->hold_timer);
}
