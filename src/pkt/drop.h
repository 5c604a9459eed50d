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
	X(NO_CARRIER, "nothing is attached to the device's other end") \
	X(NO_BUFFER, "the packet pool is empty") \
	X(NO_HEADROOM, "there is no room for another header") \
	X(TOO_SHORT, "the frame ends inside a header") \
	X(TOO_BIG, "the frame is larger than the device's MTU") \
	X(LOOP, "the frame has crossed too many devices") \
	X(FULL_RING, "the receiver does not read fast enough") \
	X(PORT_ERROR, "the host refused the frame") \
	X(NO_GSO, "the frame cannot be cut into segments") \
	X(NO_RECEIVER, "the device has nowhere to hand the frame")

enum drop {
#define X(name, text) DROP_##name,
	DROP_REASONS(X)
#undef X
	DROP_N_REASONS
};

/* "PEER_DOWN", and the sentence. */
const char *drop_name(enum drop why);
const char *drop_text(enum drop why);
