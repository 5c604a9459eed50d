/* SPDX-License-Identifier: BSD-2-Clause
 *
 * vlan - a device for one VLAN of another device: 802.1Q and 802.1ad.
 *
 * What it sends leaves by the device below (the lower one) with a tag (802.1Q clause 9.4: TPID,
 * then PCP, DEI and VID), and frames that arrive there with that tag are its own, without it.
 * VLANs stand on VLANs as on anything else: so does QinQ.
 *
 * The lower device has one table for all VLANs on it: an array of pointers for each of the two
 * protocols, in parts that come into being with their first VLAN, so that a frame costs two
 * loads however many there are, and a device without VLANs one that is never taken.  Control
 * writes the pointers one by one; workers read them under RCU.
 *
 * Offloads stay: a segment that is still to be cut is tagged whole, and each of its pieces has
 * the tag because it stands in front of the headers.
 */
#include "dev/vlan.h"
#include "dev/bridge.h"
#include "net/net.h"
#include "nl/opt.h"
#include "pkt/tag.h"

#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_vlan.h>
#include <stdio.h>

#define VID_MAX 4094 /* 4095 is reserved: 802.1Q table 9-2 */

/* ---- who has which VLAN of a device ---- */

#define PART_VIDS 512u
#define N_PARTS	  (4096u / PART_VIDS)

/* dev->vlans of a lower device. */
struct vlan_table {
	struct dev **part[2][N_PARTS]; /* by protocol; NULL: none of these */
	unsigned n;		       /* control */
};

struct vlan_state {
	struct dev *lower; /* outlives this */
	/* An address that was the lower device's at birth stays so, like Linux's. */
	bool inherits_addr;
	uint8_t lower_addr[6]; /* as it was when it was looked at last */
};

static inline unsigned protocol_index(be16 type)
{
	return be16_equal(type, to_be16(ETHERTYPE_QINQ));
}

static inline struct dev *table_find(const struct vlan_table *t, be16 type, unsigned vid)
{
	struct dev **part = rcu_load(&t->part[protocol_index(type)][vid / PART_VIDS]);

	return part ? rcu_load(&part[vid % PART_VIDS]) : NULL;
}

static void table_free(void *arg)
{
	struct vlan_table *t = arg;

	for (unsigned i = 0; i < 2 * N_PARTS; i++)
		free(t->part[i / N_PARTS][i % N_PARTS]);
	free(t);
}

static void vlan_receive(struct worker *w, struct dev *lower, struct burst *b);

static void table_add(struct dev *lower, const struct vlan_config *cfg, struct dev *dev)
{
	struct vlan_table *t = lower->vlans;
	struct dev ***part;

	if (!t) {
		t = xnew(struct vlan_table);
		rcu_publish(&lower->vlans, t);
		rcu_publish(&lower->vlan_receive, vlan_receive);
		dev_path_changed(lower);
	}
	part = &t->part[protocol_index(to_be16(cfg->protocol))][cfg->id / PART_VIDS];
	if (!*part) {
		struct dev **new = xcalloc(PART_VIDS, sizeof(*new));

		rcu_publish(part, new);
	}
	rcu_publish(&(*part)[cfg->id % PART_VIDS], dev);
	t->n++;
}

static void table_remove(struct dev *lower, const struct vlan_config *cfg)
{
	struct vlan_table *t = lower->vlans;
	unsigned protocol = protocol_index(to_be16(cfg->protocol));

	rcu_publish(&t->part[protocol][cfg->id / PART_VIDS][cfg->id % PART_VIDS], NULL);
	if (--t->n)
		return;
	rcu_publish(&lower->vlan_receive, NULL);
	rcu_publish(&lower->vlans, NULL);
	dev_path_changed(lower);
	dev_defer(lower->net, table_free, t);
}

/* ---- receiving ---- */

static void give(struct worker *w, struct dev *lower, struct dev *dev, struct pkt *p,
		 uint16_t tci)
{
	const struct vlan_config *cfg = dev_config(dev);

	if (unlikely(!tag_pop(w, p))) {
		pkt_drop(w, lower, p, DROP_NO_BUFFER);
		return;
	}
	p->priority = cfg->ingress[tci >> TAG_PCP_SHIFT];
	dev_queue(w, dev, DIR_RX, p);
}

/* Give the packet to the VLAN device that it is for.  False: it is for none.  A frame that has
 * only a priority (VID 0) and then another tag belongs to the inner one's VLAN, unless the
 * lower device is a port: then its master looks first, as on Linux. */
static bool demultiplex(struct worker *w, struct dev *lower, const struct vlan_table *t,
			struct pkt *p)
{
	for (;;) {
		const struct eth *eth = pkt_eth(p);
		const struct vlan *tag;
		struct dev *dev;
		uint16_t tci;

		if (unlikely(!eth) || !ethertype_is_vlan(eth->type))
			return false;
		tag = pkt_hdr(p, sizeof(*eth), struct vlan);
		if (unlikely(!tag)) {
			pkt_drop(w, lower, p, DROP_TOO_SHORT);
			return true;
		}
		tci = from_be16(tag->tci);
		dev = table_find(t, eth->type, tci & VLAN_ID_MASK);
		if (dev) {
			if (unlikely(dev_captured(lower)))
				dev_show(w, lower, p);
			give(w, lower, dev, p, tci);
			return true;
		}
		if (likely(tci & VLAN_ID_MASK) || !ethertype_is_vlan(tag->type) ||
		    rcu_load(&lower->upper_receive))
			return false;
		if (!tag_pop(w, p)) {
			pkt_drop(w, lower, p, DROP_NO_BUFFER);
			return true;
		}
	}
}

static void vlan_receive(struct worker *w, struct dev *lower, struct burst *b)
{
	const struct vlan_table *t = rcu_load(&lower->vlans);
	uint32_t kept = 0;

	if (unlikely(!t))
		return;
	for (uint32_t i = 0; i < b->n; i++)
		if (!demultiplex(w, lower, t, b->pkt[i]))
			b->pkt[kept++] = b->pkt[i];
	b->n = kept;
}

/* ---- sending ---- */

/* The PCP of frames of @priority; the map given last wins. */
static uint16_t egress_pcp(const struct vlan_config *cfg, uint32_t priority)
{
	for (uint32_t i = 0; i < cfg->n_egress; i++)
		if (cfg->egress[i].priority == priority)
			return (uint16_t)(cfg->egress[i].pcp << TAG_PCP_SHIFT);
	return 0;
}

/* Put a tag behind the addresses.  Returns why it cannot be done, or DROP_N_REASONS. */
static enum drop push_tag(struct worker *w, struct pkt *p, const struct vlan_config *cfg)
{
	const struct eth *eth = pkt_eth(p);
	uint16_t tci = (uint16_t)(cfg->id | egress_pcp(cfg, p->priority));

	if (unlikely(!eth))
		return DROP_TOO_SHORT;
	/* Without reorder_hdr the sender may have put the tag there itself. */
	if (unlikely(!(cfg->flags & VLAN_FLAG_REORDER_HDR)) &&
	    be16_equal(eth->type, to_be16(cfg->protocol)))
		return DROP_N_REASONS;
	if (unlikely(!tag_push(w, p, to_be16(cfg->protocol), tci)))
		return DROP_NO_HEADROOM;
	return DROP_N_REASONS;
}

static void vlan_transmit(struct worker *w, struct dev *dev, struct burst *b)
{
	const struct vlan_config *cfg = dev_config(dev);
	struct dev *lower = ((const struct vlan_state *)dev_state(dev))->lower;
	uint64_t bytes = 0;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < b->n; i++) {
		struct pkt *p = b->pkt[i];
		uint32_t size = pkt_size(p);
		enum drop why = push_tag(w, p, cfg);

		if (unlikely(why != DROP_N_REASONS)) {
			pkt_drop(w, dev, p, why);
			continue;
		}
		bytes += size;
		b->pkt[kept++] = p;
	}
	b->n = kept;
	dev_count_tx(w, dev, b->n, bytes);
	dev_queue_burst(w, lower, DIR_TX, b);
}

/* ---- settings ---- */

#define FLAGS_ALL \
	(VLAN_FLAG_REORDER_HDR | VLAN_FLAG_GVRP | VLAN_FLAG_LOOSE_BINDING | \
	 VLAN_FLAG_MVRP | VLAN_FLAG_BRIDGE_BINDING)

static void vlan_defaults(void *config)
{
	*(struct vlan_config *)config = (struct vlan_config){
		.protocol = ETH_P_8021Q,
		.flags = VLAN_FLAG_REORDER_HDR,
	};
}

static int parse_flags(const struct opt *o, const struct nlattr *a, void *config,
		       struct extack *ea)
{
	struct vlan_config *cfg = config;
	struct ifla_vlan_flags f;

	memcpy(&f, attr_data(a), sizeof(f));
	if (f.flags & f.mask & ~(unsigned)FLAGS_ALL)
		return extack_set(ea, -EINVAL, "8021q: Invalid VLAN flags");
	/* Linux refuses unknown bits in the mask too, and so its own dumps. */
	cfg->flags = (cfg->flags & ~f.mask) | (f.flags & f.mask);
	return 0;
}

static void fill_flags(const struct opt *o, const void *config, struct nlbuf *b)
{
	const struct vlan_config *cfg = config;
	struct ifla_vlan_flags f = {.flags = cfg->flags, .mask = UINT32_MAX};

	if (f.flags)
		put_attr(b, IFLA_VLAN_FLAGS, &f, sizeof(f));
}

/* The first of the rows that share the attribute has told them all. */
static void fill_nothing(const struct opt *o, const void *config, struct nlbuf *b)
{
}

static int flag_words(const struct opt *o, char *const *words, size_t n, void *config,
		      struct extack *ea)
{
	struct vlan_config *cfg = config;
	bool on = n > 1 && !strcmp(words[1], "on");

	if (!on && (n < 2 || strcmp(words[1], "off") != 0))
		return extack_set(ea, -EINVAL, "%s is \"on\" or \"off\"", o->word);
	cfg->flags = on ? cfg->flags | (uint32_t)o->max : cfg->flags & ~(uint32_t)o->max;
	return 2;
}

static char *print_flag(const struct opt *o, const void *config)
{
	const struct vlan_config *cfg = config;

	return cfg->flags & o->max ? xasprintf("%s on", o->word) : NULL;
}

static void set_ingress(struct vlan_config *cfg, uint32_t pcp, uint32_t priority)
{
	cfg->ingress[pcp & 7] = priority;
}

static int set_egress(struct vlan_config *cfg, uint32_t priority, uint32_t pcp,
		      struct extack *ea)
{
	uint32_t i = 0;

	while (i < cfg->n_egress && cfg->egress[i].priority != priority)
		i++;
	if (i == VLAN_EGRESS_MAX)
		return extack_set(ea, -ENOBUFS, "more than %u egress QoS mappings",
				  VLAN_EGRESS_MAX);
	if (i == cfg->n_egress)
		cfg->n_egress++;
	cfg->egress[i] = (struct vlan_egress){priority, pcp & 7};
	return 0;
}

static int parse_map(const struct opt *o, const struct nlattr *a, void *config,
		     struct extack *ea)
{
	bool ingress = o->attr == IFLA_VLAN_INGRESS_QOS;
	const struct nlattr *m;

	attr_foreach_nested(m, a) {
		struct ifla_vlan_qos_mapping map;
		int err = 0;

		if (attr_type(m) != IFLA_VLAN_QOS_MAPPING)
			continue;
		if (attr_len(m) < sizeof(map))
			return extack_set(ea, -ERANGE, "8021q: Invalid %s qos map",
					  ingress ? "ingress" : "egress");
		memcpy(&map, attr_data(m), sizeof(map));
		if (ingress)
			set_ingress(config, map.from, map.to);
		else
			err = set_egress(config, map.from, map.to, ea);
		if (err)
			return err;
	}
	return 0;
}

static void put_mapping(struct nlbuf *b, uint32_t from, uint32_t to)
{
	struct ifla_vlan_qos_mapping map = {from, to};

	put_attr(b, IFLA_VLAN_QOS_MAPPING, &map, sizeof(map));
}

static void fill_ingress(const struct opt *o, const void *config, struct nlbuf *b)
{
	const struct vlan_config *cfg = config;
	size_t nest = nest_begin(b, o->attr), empty = b->len;

	for (uint32_t pcp = 0; pcp < 8; pcp++)
		if (cfg->ingress[pcp])
			put_mapping(b, pcp, cfg->ingress[pcp]);
	if (b->len == empty)
		b->len = nest;
	else
		nest_end(b, nest);
}

/* Linux keeps 16 lists, chosen by the priority's last bits, the youngest of each first. */
static void fill_egress(const struct opt *o, const void *config, struct nlbuf *b)
{
	const struct vlan_config *cfg = config;
	size_t nest = nest_begin(b, o->attr), empty = b->len;

	for (uint32_t list = 0; list < 16; list++)
		for (uint32_t i = cfg->n_egress; i--;)
			if ((cfg->egress[i].priority & 15) == list && cfg->egress[i].pcp)
				put_mapping(b, cfg->egress[i].priority,
					    cfg->egress[i].pcp);
	if (b->len == empty)
		b->len = nest;
	else
		nest_end(b, nest);
}

/* FROM:TO ... */
static int map_words(const struct opt *o, char *const *words, size_t n, void *config,
		     struct extack *ea)
{
	size_t i;

	for (i = 1; i < n; i++) {
		unsigned from, to;
		int used = 0, err = 0;

		if (sscanf(words[i], "%u:%u%n", &from, &to, &used) != 2 || words[i][used])
			break;
		if (o->attr == IFLA_VLAN_INGRESS_QOS)
			set_ingress(config, from, to);
		else
			err = set_egress(config, from, to, ea);
		if (err)
			return err;
	}
	if (i == 1)
		return extack_set(ea, -EINVAL, "%s wants FROM:TO", o->word);
	return (int)i;
}

static char *print_map(const struct opt *o, const void *config)
{
	const struct vlan_config *cfg = config;
	bool ingress = o->attr == IFLA_VLAN_INGRESS_QOS;
	uint32_t n = ingress ? 8 : cfg->n_egress;
	char *text = NULL;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t from = ingress ? i : cfg->egress[i].priority,
			 to = ingress ? cfg->ingress[i] : cfg->egress[i].pcp;
		char *before = text;

		if (!to)
			continue;
		text = xasprintf("%s %u:%u", before ?: o->word, from, to);
		free(before);
	}
	return text;
}

static const struct opt_hooks flags_hooks = {
	.parse = parse_flags,
	.fill = fill_flags,
	.min_len = sizeof(struct ifla_vlan_flags),
	.words = flag_words,
	.print = print_flag,
};

static const struct opt_hooks more_flags_hooks = {
	.parse = parse_flags,
	.fill = fill_nothing,
	.min_len = sizeof(struct ifla_vlan_flags),
	.words = flag_words,
	.print = print_flag,
};

static const struct opt_hooks egress_hooks = {
	.parse = parse_map, .fill = fill_egress, .words = map_words, .print = print_map};

static const struct opt_hooks ingress_hooks = {
	.parse = parse_map, .fill = fill_ingress, .words = map_words, .print = print_map};

static const struct opt_name vlan_protocols[] = {
	{ETH_P_8021Q, "802.1Q"}, {ETH_P_8021AD, "802.1ad"}, {}};

static const struct opt vlan_opts[] = {
	OPT(BE16, IFLA_VLAN_PROTOCOL, "protocol", vlan_config, protocol,
	    .names = vlan_protocols, .born_with = true, .err = -EPROTONOSUPPORT,
	    .sentence = "8021q: Invalid VLAN protocol", .help = "the tag's ethertype"),
	OPT(U16, IFLA_VLAN_ID, "id", vlan_config, id, .max = VID_MAX, .born_with = true,
	    .err = -ERANGE, .sentence = "8021q: Invalid VLAN id", .help = "the VLAN"),
	OPT_HOOKS(IFLA_VLAN_FLAGS, "reorder_hdr", &flags_hooks,
		  .max = VLAN_FLAG_REORDER_HDR,
		  .help = "tags are not the sender's to put"),
	OPT_HOOKS(IFLA_VLAN_FLAGS, "gvrp", &more_flags_hooks, .max = VLAN_FLAG_GVRP,
		  .help = "kept and shown"),
	OPT_HOOKS(IFLA_VLAN_FLAGS, "mvrp", &more_flags_hooks, .max = VLAN_FLAG_MVRP,
		  .help = "kept and shown"),
	OPT_HOOKS(IFLA_VLAN_FLAGS, "loose_binding", &more_flags_hooks,
		  .max = VLAN_FLAG_LOOSE_BINDING,
		  .help = "up or down whatever the lower device is"),
	OPT_HOOKS(IFLA_VLAN_FLAGS, "bridge_binding", &more_flags_hooks,
		  .max = VLAN_FLAG_BRIDGE_BINDING,
		  .help = "carrier of the bridge's ports that are in the VLAN"),
	OPT_HOOKS(IFLA_VLAN_INGRESS_QOS, "ingress-qos-map", &ingress_hooks,
		  .help = "PCP:PRIORITY of received frames"),
	OPT_HOOKS(IFLA_VLAN_EGRESS_QOS, "egress-qos-map", &egress_hooks,
		  .help = "PRIORITY:PCP of sent frames"),
	OPT_END,
};

/* ---- the lower device ---- */

static const struct vlan_config *config_of(const struct dev *dev)
{
	return dev_config(dev);
}

static bool is_loose(const struct dev *dev)
{
	return config_of(dev)->flags & VLAN_FLAG_LOOSE_BINDING;
}

static bool is_bound(const struct dev *dev)
{
	return config_of(dev)->flags & VLAN_FLAG_BRIDGE_BINDING;
}

/* What the carrier is to be.  On what is no bridge a bound device's stays as it is. */
static bool carrier_below(const struct dev *dev, const struct dev *lower)
{
	if (!is_bound(dev))
		return dev_has_carrier(lower);
	return dev_is_bridge(lower) ? bridge_vlan_has_carrier(lower, config_of(dev)->id)
				    : dev_has_carrier(dev);
}

static void follow_carrier(struct dev *dev)
{
	dev_set_carrier(dev, carrier_below(dev, dev->lower));
}

/* The lower device's address is another one, or may be. */
static void follow_addr(struct dev *dev)
{
	struct vlan_state *vlan = dev_state(dev);
	bool same = !memcmp(dev->addr, vlan->lower_addr, ETH_ALEN);

	memcpy(vlan->lower_addr, dev->lower->addr, ETH_ALEN);
	if (vlan->inherits_addr && same)
		dev_set_addr(dev, vlan->lower_addr);
}

static void vlan_lower_changed(struct dev *dev, enum dev_change what)
{
	switch (what) {
	case DEV_UPDOWN:
		if (!is_loose(dev))
			dev_set_up(dev, dev_is_up(dev->lower));
		follow_carrier(dev);
		break;
	case DEV_CARRIER:
		follow_carrier(dev);
		break;
	case DEV_MTU:
		if (dev_mtu(dev) > dev_mtu(dev->lower))
			dev_set_mtu(dev, dev_mtu(dev->lower));
		break;
	case DEV_ADDR:
		if (dev_is_up(dev)) /* as on Linux: else when it is set up */
			follow_addr(dev);
		break;
	default:
		break;
	}
}

static int vlan_may_up(const struct dev *dev, struct extack *ea)
{
	return dev_is_up(dev->lower) || is_loose(dev) ? 0 : -ENETDOWN;
}

static int vlan_may_mtu(const struct dev *dev, uint32_t mtu, struct extack *ea)
{
	return mtu <= dev_mtu(dev->lower) ? 0 : -ERANGE;
}

static void vlan_updown(struct dev *dev)
{
	if (dev_is_up(dev)) {
		follow_addr(dev);
		follow_carrier(dev);
	} else if (!is_bound(dev)) {
		dev_set_carrier(dev, false);
	}
}

static void vlan_changed(struct dev *dev, const void *config)
{
	const struct vlan_config *old = config;

	if ((old->flags ^ config_of(dev)->flags) & VLAN_FLAG_BRIDGE_BINDING &&
	    dev_is_up(dev))
		follow_carrier(dev);
}

/* ---- life ---- */

/* Linux stacks so many devices and no more. */
#define LEVELS_MAX 8

static int check_request(const struct dev *dev, const struct link_req *req,
			 struct extack *ea)
{
	const struct vlan_config *cfg = config_of(dev);
	const struct vlan_table *t;

	if (!req->data && !req->config)
		return extack_set(ea, -EINVAL, "8021q: VLAN properties not specified");
	if (req->data &&
	    !attr_find(attr_data(req->data), attr_len(req->data), IFLA_VLAN_ID))
		return extack_set(ea, -EINVAL, "8021q: VLAN id not specified");
	if (!req->lower)
		return req->link ? extack_set(ea, -ENODEV, "8021q: link does not exist")
				 : extack_set(ea, -EINVAL, "8021q: link not specified");
	if (!dev_is_ethernet(req->lower))
		return extack_set(ea, -EOPNOTSUPP,
				  "8021q: VLANs not supported on device");
	t = req->lower->vlans;
	if (t && table_find(t, to_be16(cfg->protocol), cfg->id))
		return extack_set(ea, -EEXIST, "8021q: VLAN device already exists");
	if (req->mtu > dev_mtu(req->lower))
		return -EINVAL;
	return dev_levels(req->lower) < LEVELS_MAX ? 0 : -EMLINK;
}

static int vlan_create(struct dev *dev, struct link_req *req, struct extack *ea)
{
	struct vlan_state *vlan = dev_state(dev);
	struct dev *lower = req->lower;
	int err = check_request(dev, req, ea);

	if (err)
		return err;
	vlan->lower = lower;
	vlan->inherits_addr = !req->addr;
	memcpy(vlan->lower_addr, lower->addr, ETH_ALEN);
	if (!req->addr)
		memcpy(dev->addr, lower->addr, ETH_ALEN);
	if (!req->mtu)
		dev->mtu = dev_mtu(lower);
	dev->iff_on = lower->iff_on;
	dev->iff_off = lower->iff_off;
	dev_set_lower(dev, lower);
	dev->carrier = dev_has_carrier(lower);
	dev->carrier = carrier_below(dev, lower); /* a bound one may have less */
	table_add(lower, config_of(dev), dev);
	return 0;
}

static void vlan_destroy(struct dev *dev)
{
	const struct vlan_state *vlan = dev_state(dev);

	table_remove(vlan->lower, config_of(dev));
}

const struct dev_kind vlan_kind = {
	.name = "vlan",
	.name_format = "vlan%d",
	.config_size = sizeof(struct vlan_config),
	.state_size = sizeof(struct vlan_state),
	.opts = vlan_opts,
	.mirror = MIRROR_ETHER,
	.min_mtu = MTU_ANY,
	.on_lower = true,
	.rx_uncounted = ETH_HLEN,
	.defaults = vlan_defaults,
	.create = vlan_create,
	.changed = vlan_changed,
	.destroy = vlan_destroy,
	.updown = vlan_updown,
	.may_up = vlan_may_up,
	.may_mtu = vlan_may_mtu,
	.lower_changed = vlan_lower_changed,
	.transmit = vlan_transmit,
};
