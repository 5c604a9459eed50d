/* SPDX-License-Identifier: BSD-2-Clause
 *
 * tag - VLAN tags (802.1Q clause 9) put into frames and taken out: four bytes behind the
 * addresses.  Offload metadata follows, so segments that are still to be cut stay whole.
 */
#pragma once

#include "pkt/gso.h"
#include "pkt/hdr.h"

#define TAG_PCP_SHIFT 13

/* Take the outermost tag off @p, which has one.  False when it is too short or shared there:
 * the caller drops it. */
must_check static inline bool tag_pop(struct worker *w, struct pkt *p)
{
	if (unlikely(!pkt_pull(w, p, sizeof(struct eth) + sizeof(struct vlan))))
		return false;
	memmove(p->data + sizeof(struct vlan), p->data, offsetof(struct eth, type));
	p->data += sizeof(struct vlan);
	p->len -= (uint32_t)sizeof(struct vlan);
	offload_shift(p, -(int)sizeof(struct vlan));
	return true;
}

/* Put a tag in front of all others.  False when there is no room: the caller drops it. */
must_check static inline bool tag_push(struct worker *w, struct pkt *p, be16 tpid,
				       uint16_t tci)
{
	struct vlan *tag;
	uint8_t *to;

	if (unlikely(!pkt_pull(w, p, sizeof(struct eth))))
		return false;
	to = pkt_push(p, sizeof(*tag));
	if (unlikely(!to))
		return false;
	memmove(to, to + sizeof(*tag), offsetof(struct eth, type));
	((struct eth *)to)->type = tpid;
	tag = (struct vlan *)(to +
			      sizeof(struct eth)); /* its type is the frame's, in place */
	tag->tci = to_be16(tci);
	offload_shift(p, sizeof(*tag));
	return true;
}
