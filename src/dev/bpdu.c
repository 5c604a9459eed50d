/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bpdu - 802.1D-1998 clause 9.3: the fields of a BPDU, behind Ethernet's length and LLC.
 */
#include "dev/bpdu.h"
#include "base/clock.h"

#include <linux/if_ether.h>

/* From the frame's beginning.  9.3.1: a configuration BPDU has 35 octets, a topology change
 * notification 4. */
enum {
	AT_LENGTH = 12,
	AT_LLC = 14,
	AT_PROTOCOL = 17,
	AT_VERSION = 19,
	AT_TYPE = 20,
	AT_FLAGS = 21,
	AT_ROOT = 22,
	AT_COST = 30,
	AT_BRIDGE = 34,
	AT_PORT = 42,
	AT_MESSAGE_AGE = 44,
	AT_MAX_AGE = 46,
	AT_HELLO_TIME = 48,
	AT_FORWARD_DELAY = 50,
	CONFIG_END = 52,
	TCN_END = 21,
};
static_assert(CONFIG_END == BPDU_FRAME_MAX, "the longest frame");

#define FLAG_TC	    0x01
#define FLAG_TC_ACK 0x80

static const uint8_t llc[3] = {0x42, 0x42, 0x03};

static void put16(uint8_t *at, uint32_t v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

static uint16_t get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

/* 9.2.8: times in units of 1/256 s.  Rounded down when written, up when read, so that what
 * was sent is read again. */
static void put_time(uint8_t *at, uint32_t ticks)
{
	put16(at, ticks * 256 / 100);
}

static uint32_t get_time(const uint8_t *at)
{
	return (get16(at) * 100u + 255) / 256;
}

uint32_t bpdu_write(const struct bpdu *b, const uint8_t group[6], const uint8_t src[6],
		    uint8_t frame[BPDU_FRAME_MAX])
{
	uint32_t end = b->type == BPDU_CONFIG ? CONFIG_END : TCN_END;

	memset(frame, 0, end);
	memcpy(frame, group, ETH_ALEN);
	memcpy(frame + ETH_ALEN, src, ETH_ALEN);
	put16(frame + AT_LENGTH, end - AT_LLC);
	memcpy(frame + AT_LLC, llc, sizeof(llc));
	frame[AT_TYPE] = (uint8_t)b->type;
	if (b->type != BPDU_CONFIG)
		return end;
	frame[AT_FLAGS] = (uint8_t)((b->topology_change ? FLAG_TC : 0) |
				    (b->topology_change_ack ? FLAG_TC_ACK : 0));
	memcpy(frame + AT_ROOT, b->root, 8);
	put16(frame + AT_COST, b->root_path_cost >> 16);
	put16(frame + AT_COST + 2, b->root_path_cost);
	memcpy(frame + AT_BRIDGE, b->bridge, 8);
	put16(frame + AT_PORT, b->port_id);
	put_time(frame + AT_MESSAGE_AGE, b->message_age);
	put_time(frame + AT_MAX_AGE, b->max_age);
	put_time(frame + AT_HELLO_TIME, b->hello_time);
	put_time(frame + AT_FORWARD_DELAY, b->forward_delay);
	return end;
}

bool bpdu_read(struct bpdu *b, const uint8_t *frame, uint32_t len)
{
	*b = (struct bpdu){};
	if (len < TCN_END || memcmp(frame + AT_LLC, llc, sizeof(llc)) ||
	    get16(frame + AT_PROTOCOL) || frame[AT_VERSION])
		return false;
	b->type = (enum bpdu_type)frame[AT_TYPE];
	if (b->type == BPDU_TCN)
		return true;
	if (b->type != BPDU_CONFIG || len < CONFIG_END)
		return false;
	b->topology_change = frame[AT_FLAGS] & FLAG_TC;
	b->topology_change_ack = frame[AT_FLAGS] & FLAG_TC_ACK;
	memcpy(b->root, frame + AT_ROOT, 8);
	b->root_path_cost =
		(uint32_t)get16(frame + AT_COST) << 16 | get16(frame + AT_COST + 2);
	memcpy(b->bridge, frame + AT_BRIDGE, 8);
	b->port_id = get16(frame + AT_PORT);
	b->message_age = get_time(frame + AT_MESSAGE_AGE);
	b->max_age = get_time(frame + AT_MAX_AGE);
	b->hello_time = get_time(frame + AT_HELLO_TIME);
	b->forward_delay = get_time(frame + AT_FORWARD_DELAY);
	return true;
}
