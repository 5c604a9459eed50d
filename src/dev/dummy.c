/* SPDX-License-Identifier: BSD-2-Clause
 *
 * dummy - a device that takes every frame and forwards none.
 *
 * That is what it is for, so its frames count as sent and nothing is a drop.  It has no
 * carrier to tell of, like Linux's: its operational state is UNKNOWN.
 */
#include "dev/dummy.h"

#include <net/if.h>

static void dummy_transmit(struct worker *w, struct dev *dev, struct burst *b)
{
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < b->n; i++)
		bytes += pkt_size(b->pkt[i]);
	dev_count_tx(w, dev, b->n, bytes);
	burst_free(b);
}

const struct dev_kind dummy_kind = {
	.name = "dummy",
	.name_format = "dummy%d",
	.mirror = MIRROR_ETHER,
	.dev_flags = IFF_NOARP,
	.dev_flags_off = IFF_MULTICAST,
	.carrier_unknown = true,
	.max_mtu = UINT32_MAX,
	.transmit = dummy_transmit,
};
