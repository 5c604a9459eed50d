/* SPDX-License-Identifier: BSD-2-Clause
 *
 * drop - the reasons for which a packet may end without having arrived.  One list makes the
 * enum, the names and the sentences.  A reason is a cause that a person could act on; two
 * causes, two reasons.  Named like the kernel's SKB_DROP_REASON_* where the meaning is the
 * same.
 */
#pragma once

#include <stdint.h>

#define DROP_REASONS(X) \
	X(DEV_DOWN, "the device is down") \
	X(PEER_DOWN, "the other end of the pair is down or gone") \
	X(LOWER_DOWN, "the device below is down") \
	X(NO_CARRIER, "nothing is attached to the device's other end") \
	X(NO_BUFFER, "the packet pool is empty") \
	X(NO_HEADROOM, "there is no room for another header") \
	X(TOO_SHORT, "the frame ends inside a header") \
	X(TOO_BIG, "the frame is larger than the device's MTU") \
	X(LOOP, "the frame has crossed too many devices") \
	X(FULL_RING, "the receiver does not read fast enough") \
	X(PORT_ERROR, "the host refused the frame") \
	X(NO_GSO, "the frame cannot be cut into segments") \
	X(NO_RECEIVER, "the device has nowhere to hand the frame") \
	X(MAC_INVALID_SOURCE, "the source is no address of a station") \
	X(MAC_IEEE_MAC_CONTROL, "a pause frame is for one link only") \
	X(BRIDGE_INGRESS_STP_STATE, "the port it came in by does not forward") \
	X(BRIDGE_EGRESS_STP_STATE, "the port it would leave by does not forward") \
	X(BRIDGE_HAIRPIN, "the destination is on the port it came from") \
	X(BRIDGE_ISOLATED, "both ports are isolated") \
	X(BRIDGE_LOCKED, "the port is locked, and the source is not known there") \
	X(BRIDGE_OWN_ADDRESS, "the bridge itself sent it to its own address") \
	X(VLAN_INGRESS, "the port is not in the frame's VLAN, or has no PVID") \
	X(MCAST_INVALID, "the IGMP or MLD message, or its IP header, is malformed") \
	X(NO_TX_TARGET, "no port may have it")

enum drop {
#define X(name, text) DROP_##name,
	DROP_REASONS(X)
#undef X
	DROP_N_REASONS
};

/* "PEER_DOWN", and the sentence. */
const char *drop_name(enum drop why);
const char *drop_text(enum drop why);
