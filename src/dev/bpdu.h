/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bpdu - the frames of the spanning tree (802.1D-1998 clause 9): reading and writing them.
 */
#pragma once

#include "base/base.h"

#define BPDU_FRAME_MAX 52u /* Ethernet, LLC and a configuration BPDU */

enum bpdu_type {
	BPDU_CONFIG = 0x00,
	BPDU_TCN = 0x80,
};

/* A BPDU in host byte order.  Times are in clock ticks of 1/100 s (on the wire: 1/256 s). */
struct bpdu {
	enum bpdu_type type;
	/* the rest is a configuration BPDU's */
	bool topology_change, topology_change_ack;
	uint8_t root[8], bridge[8]; /* identifiers: priority, then address */
	uint32_t root_path_cost;
	uint16_t port_id;
	uint32_t message_age, max_age, hello_time, forward_delay;
};

/* Write the frame for @b, from @src to @group, into @frame; returns its length. */
uint32_t bpdu_write(const struct bpdu *b, const uint8_t group[6], const uint8_t src[6],
		    uint8_t frame[BPDU_FRAME_MAX]);

/* Read the frame.  False if it is no BPDU of protocol version 0 (9.3.4), or not whole. */
bool bpdu_read(struct bpdu *b, const uint8_t *frame, uint32_t len) must_check;
