/* SPDX-License-Identifier: BSD-2-Clause
 *
 * brctl - the ioctls on bridges that came before rtnetlink (<linux/if_bridge.h>, BRCTL_*).
 *
 * brctl(8) writes and reads files of sysfs where it can, and falls back to these where a bridge
 * has none, as ours.  Each is turned into what rtnetlink would ask, so that checks, events and
 * units are the same: settings are parsed from attributes, and what is shown is read from the
 * attributes of a dump.
 */
#include "base/brctl.h"
#include "nl/opt.h"
#include "rtnl/bridge.h"

#include <linux/sockios.h>
#include <sys/socket.h>

/* A page of stations, as the kernel gives at most. */
#define FDB_AT_ONCE (4096u / sizeof(struct __fdb_entry))

/* How many bridges may be asked for at once. */
#define BRIDGES_ASKED_MAX 2048u

/* ---- bridges ---- */

static bool deletions_pending(const struct host *h)
{
	return h->n_lazy || h->slow.n_pending;
}

static long add_bridge(struct rtnl *r, const struct brctl *b)
{
	struct netns *ns = host_netns_get(r->host, b->ns_fd);
	struct link_req req = {.ns = ns, .name = b->name};
	struct dev *dev;
	int err;

	if (!ns)
		return -EINVAL;
	err = netns_dev_named(ns, b->name) ? -EEXIST : 0;
	if (!err)
		err = dev_create(r->net, &bridge_kind, &req, NULL);
	netns_put(ns);
	if (err)
		return err;
	dev = req.made[0];
	err = mirror_create(r->host, dev, b->ns_fd, b->name, 0, NULL);
	if (err)
		dev_destroy(dev);
	else {
		vlandb_born(r, dev);
		brfdb_born(r, dev);
	}
	/* The name may be that of a mirror whose deletion was put off. */
	if (err == -EEXIST && deletions_pending(r->host)) {
		mirror_flush_lazy(r->host);
		return -EAGAIN;
	}
	return err;
}

/* Is the device of that name one that is just being deleted? */
static bool is_dying(struct rtnl *r, const struct brctl *b)
{
	unsigned ifindex = kernel_index_of(b->sock, b->name);

	return ifindex &&
	       mirror_is_dying(r->host, kernel_socket_cookie(b->sock), ifindex);
}

static long delete_bridge(struct rtnl *r, struct dev *br)
{
	if (br->up)
		return -EBUSY;
	if (!br->host) {
		dev_destroy(br);
		return 0;
	}
	mirror_delete(r->host, br, NULL, NULL);
	return -EAGAIN; /* the program goes on when the kernel has deleted it, too */
}

static bool call_on_name(struct rtnl *r, struct netns *ns, struct brctl *b, bool add)
{
	struct dev *dev = ns ? netns_dev_named(ns, b->name) : NULL;

	if (!b->may) {
		b->result = -EPERM;
		return true;
	}
	if (add)
		b->result = b->name[0] ? add_bridge(r, b) : -EINVAL;
	else if (dev && dev_is_bridge(dev))
		b->result = delete_bridge(r, dev);
	else if (b->again)
		b->result = is_dying(r, b) ? -EAGAIN : 0;
	else
		return false;
	return true;
}

static bool list_bridges(struct netns *ns, struct brctl *b)
{
	int *indexes = (void *)b->out;
	unsigned long room = min(b->args[2], sizeof(b->out) / sizeof(int)), n = 0;
	struct dev *dev;

	if (b->args[2] >= BRIDGES_ASKED_MAX) {
		b->result = -ENOMEM;
		return true;
	}
	list_foreach(dev, &ns->devs, in_ns)
		if (dev_is_bridge(dev) && n < room)
			indexes[n++] = (int)dev->ifindex;
	b->out_len = n * sizeof(int);
	b->result = (long)n;
	return n;
}

static bool call_without_bridge(struct rtnl *r, struct netns *ns, struct brctl *b)
{
	switch (b->args[0]) {
	case BRCTL_GET_VERSION:
		b->result = BRCTL_VERSION;
		return true;
	case BRCTL_GET_BRIDGES:
		return ns && list_bridges(ns, b);
	case BRCTL_ADD_BRIDGE:
	case BRCTL_DEL_BRIDGE:
		return call_on_name(r, ns, b, b->args[0] == BRCTL_ADD_BRIDGE);
	}
	return false;
}

/* ---- ports ---- */

static long change_ports(struct rtnl *r, struct dev *br, unsigned ifindex, bool add)
{
	struct dev *dev = netns_dev(br->ns, ifindex);

	if (!dev)
		return -EINVAL;
	if (add)
		return dev_enslave(dev, br, NULL);
	if (dev->master != br)
		return -EINVAL;
	dev_release(dev);
	return 0;
}

static struct dev *port_by_number(struct dev *br, unsigned long no)
{
	struct dev *port;

	list_foreach(port, &br->ports, in_master)
		if (bridge_port_no(port) == no)
			return port;
	return NULL;
}

static long list_ports(struct dev *br, struct brctl *b)
{
	int *indexes = (void *)b->out, asked = (int)b->args[2];
	unsigned room;
	struct dev *port;

	if (asked < 0)
		return -EINVAL;
	room = min(asked ? (unsigned)asked : 256u, BRIDGE_PORTS_MAX + 1);
	memset(indexes, 0, room * sizeof(int));
	list_foreach(port, &br->ports, in_master)
		if (bridge_port_no(port) < room)
			indexes[bridge_port_no(port)] = (int)port->ifindex;
	b->out_len = room * sizeof(int);
	return (long)room;
}

/* ---- settings ---- */

/* A request with one attribute, as rtnetlink would have it. */
static long change(struct dev *dev, bool port, unsigned attr, const void *value,
		   size_t len)
{
	struct nlbuf data = {};
	size_t nest = nest_begin(&data, IFLA_INFO_DATA);
	int err;

	put_attr(&data, attr, value, len);
	nest_end(&data, nest);
	err = port ? dev_change_port(dev, (void *)data.data, NULL)
		   : dev_change(dev, (void *)data.data, NULL);
	nlbuf_done(&data);
	return err;
}

static long set_u32(struct dev *br, unsigned attr, unsigned long value)
{
	uint32_t v = (uint32_t)min(value, (unsigned long)UINT32_MAX);

	return change(br, false, attr, &v, sizeof(v));
}

static long set_priority(struct dev *br, unsigned long value)
{
	uint16_t v = (uint16_t)value;

	return change(br, false, IFLA_BR_PRIORITY, &v, sizeof(v));
}

static long set_port(struct dev *br, const struct brctl *b)
{
	struct dev *port = port_by_number(br, b->args[1]);
	uint32_t cost = (uint32_t)min(b->args[2], (unsigned long)UINT32_MAX);
	uint16_t priority = (uint16_t)min(b->args[2], (unsigned long)UINT16_MAX);
	uint8_t hairpin = b->args[2] != 0;

	if (!port)
		return -EINVAL;
	switch (b->args[0]) {
	case BRCTL_SET_PORT_PRIORITY:
		return change(port, true, IFLA_BRPORT_PRIORITY, &priority,
			      sizeof(priority));
	case BRCTL_SET_PATH_COST:
		return change(port, true, IFLA_BRPORT_COST, &cost, sizeof(cost));
	}
	return change(port, true, IFLA_BRPORT_MODE, &hairpin, sizeof(hairpin));
}

/* ---- what is shown ---- */

/* The attributes by which a dump shows a bridge (@port: a port). */
static struct nlbuf shown(const struct dev *dev, bool port)
{
	const struct master_ops *ops = port ? dev->master->kind->master : NULL;
	struct nlbuf b = {};

	opts_fill(port ? ops->opts : dev->kind->opts,
		  port ? dev_port_config(dev) : dev_config(dev), &b);
	if (port && ops->fill)
		ops->fill(dev, &b);
	else if (!port && dev->kind->fill)
		dev->kind->fill(dev, &b);
	return b;
}

/* A number among them; 0 when it is not there. */
static uint64_t number(const struct nlbuf *b, unsigned attr)
{
	const struct nlattr *a = attr_find(b->data, b->len, attr);
	uint64_t v = 0;

	if (a && attr_len(a) <= sizeof(v))
		memcpy(&v, attr_data(a), attr_len(a)); /* little endian hosts */
	return v;
}

static long show_bridge(const struct dev *br, struct brctl *b)
{
	const struct bridge_config *config = dev_config(br);
	struct nlbuf s = shown(br, false);
	struct __bridge_info *info = (void *)b->out;

	*info = (struct __bridge_info){
		.designated_root = number(&s, IFLA_BR_ROOT_ID),
		.bridge_id = number(&s, IFLA_BR_BRIDGE_ID),
		.root_path_cost = (uint32_t)number(&s, IFLA_BR_ROOT_PATH_COST),
		.max_age = (uint32_t)number(&s, IFLA_BR_MAX_AGE),
		.hello_time = (uint32_t)number(&s, IFLA_BR_HELLO_TIME),
		.forward_delay = (uint32_t)number(&s, IFLA_BR_FORWARD_DELAY),
		/* brctl shows in both places what is in force, where it can read /sys */
		.bridge_max_age = (uint32_t)number(&s, IFLA_BR_MAX_AGE),
		.bridge_hello_time = (uint32_t)number(&s, IFLA_BR_HELLO_TIME),
		.bridge_forward_delay = (uint32_t)number(&s, IFLA_BR_FORWARD_DELAY),
		.topology_change = number(&s, IFLA_BR_TOPOLOGY_CHANGE) != 0,
		.topology_change_detected =
			number(&s, IFLA_BR_TOPOLOGY_CHANGE_DETECTED) != 0,
		.root_port = (uint8_t)number(&s, IFLA_BR_ROOT_PORT),
		.stp_enabled = config->stp_state != 0,
		.ageing_time = config->ageing_time,
		.hello_timer_value = (uint32_t)number(&s, IFLA_BR_HELLO_TIMER),
		.tcn_timer_value = (uint32_t)number(&s, IFLA_BR_TCN_TIMER),
		.topology_change_timer_value =
			(uint32_t)number(&s, IFLA_BR_TOPOLOGY_CHANGE_TIMER),
		.gc_timer_value = (uint32_t)number(&s, IFLA_BR_GC_TIMER),
	};
	b->out_len = sizeof(*info);
	nlbuf_done(&s);
	return 0;
}

static long show_port(struct dev *br, struct brctl *b)
{
	struct dev *port = port_by_number(br, b->args[2]);
	struct __port_info *info = (void *)b->out;
	struct nlbuf s;

	if (!port)
		return -EINVAL;
	s = shown(port, true);
	*info = (struct __port_info){
		.designated_root = number(&s, IFLA_BRPORT_ROOT_ID),
		.designated_bridge = number(&s, IFLA_BRPORT_BRIDGE_ID),
		.port_id = (uint16_t)number(&s, IFLA_BRPORT_ID),
		.designated_port = (uint16_t)number(&s, IFLA_BRPORT_DESIGNATED_PORT),
		.path_cost = (uint32_t)number(&s, IFLA_BRPORT_COST),
		.designated_cost = (uint32_t)number(&s, IFLA_BRPORT_DESIGNATED_COST),
		.state = bridge_port_state(port),
		.top_change_ack = number(&s, IFLA_BRPORT_TOPOLOGY_CHANGE_ACK) != 0,
		.config_pending = number(&s, IFLA_BRPORT_CONFIG_PENDING) != 0,
		.message_age_timer_value =
			(uint32_t)number(&s, IFLA_BRPORT_MESSAGE_AGE_TIMER),
		.forward_delay_timer_value =
			(uint32_t)number(&s, IFLA_BRPORT_FORWARD_DELAY_TIMER),
		.hold_timer_value = (uint32_t)number(&s, IFLA_BRPORT_HOLD_TIMER),
	};
	b->out_len = sizeof(*info);
	nlbuf_done(&s);
	return 0;
}

struct stations {
	struct __fdb_entry *entry;
	unsigned long skip, n, room;
};

static bool put_station(void *arg, const struct bridge_fdb_entry *e)
{
	struct stations *s = arg;
	struct __fdb_entry *out;
	unsigned no;

	if (!e->port || e->state == NUD_STALE)
		return true;
	if (s->skip) {
		s->skip--;
		return true;
	}
	if (s->n == s->room)
		return false;
	out = &s->entry[s->n++];
	no = bridge_port_no(e->port);
	*out = (struct __fdb_entry){.port_no = (uint8_t)no,
				    .port_hi = (uint8_t)(no >> 8),
				    .is_local = e->state == NUD_PERMANENT};
	memcpy(out->mac_addr, e->addr, sizeof(out->mac_addr));
	if (e->state == NUD_REACHABLE)
		out->ageing_timer_value = e->updated;
	return true;
}

static long list_stations(const struct dev *br, struct brctl *b)
{
	struct stations s = {.entry = (void *)b->out,
			     .skip = b->args[3],
			     .room = min(b->args[2], FDB_AT_ONCE)};
	uint32_t cursor = 0;

	bridge_fdb_foreach(br, &cursor, put_station, &s);
	b->out_len = s.n * sizeof(*s.entry);
	return (long)s.n;
}

/* ---- one bridge ---- */

static bool changes(unsigned long what)
{
	switch (what) {
	case BRCTL_GET_BRIDGE_INFO:
	case BRCTL_GET_PORT_LIST:
	case BRCTL_GET_PORT_INFO:
	case BRCTL_GET_FDB_ENTRIES:
		return false;
	}
	return true;
}

static long call_on_bridge(struct rtnl *r, struct dev *br, struct brctl *b)
{
	if (changes(b->args[0]) && !b->may)
		return -EPERM;
	switch (b->args[0]) {
	case BRCTL_ADD_IF:
	case BRCTL_DEL_IF:
		return change_ports(r, br, (unsigned)b->args[1],
				    b->args[0] == BRCTL_ADD_IF);
	case BRCTL_GET_BRIDGE_INFO:
		return show_bridge(br, b);
	case BRCTL_GET_PORT_LIST:
		return list_ports(br, b);
	case BRCTL_GET_PORT_INFO:
		return show_port(br, b);
	case BRCTL_GET_FDB_ENTRIES:
		return list_stations(br, b);
	case BRCTL_SET_BRIDGE_FORWARD_DELAY:
		return set_u32(br, IFLA_BR_FORWARD_DELAY, b->args[1]);
	case BRCTL_SET_BRIDGE_HELLO_TIME:
		return set_u32(br, IFLA_BR_HELLO_TIME, b->args[1]);
	case BRCTL_SET_BRIDGE_MAX_AGE:
		return set_u32(br, IFLA_BR_MAX_AGE, b->args[1]);
	case BRCTL_SET_AGEING_TIME:
		return set_u32(br, IFLA_BR_AGEING_TIME, b->args[1]);
	case BRCTL_SET_BRIDGE_STP_STATE:
		return set_u32(br, IFLA_BR_STP_STATE, b->args[1]);
	case BRCTL_SET_BRIDGE_PRIORITY:
		return set_priority(br, b->args[1]);
	case BRCTL_GET_VERSION:
		/* With a port and a value it is how "brctl hairpin" ends up here: it has
		 * no number of its own for what it writes to sysfs elsewhere. */
		return b->args[1] ? set_port(br, b) : -EOPNOTSUPP;
	case BRCTL_SET_PORT_PRIORITY:
	case BRCTL_SET_PATH_COST:
		return set_port(br, b);
	}
	return -EOPNOTSUPP;
}

bool brctl_call(struct rtnl *r, struct brctl *b)
{
	struct netns *ns;
	struct dev *br;

	usertap_reap(r->host);
	watch_drain(r->host);
	ns = netns_find(r->net, kernel_socket_cookie(b->sock));
	switch (b->cmd) {
	case SIOCBRADDBR:
	case SIOCBRDELBR:
		return call_on_name(r, ns, b, b->cmd == SIOCBRADDBR);
	case SIOCGIFBR:
	case SIOCSIFBR:
		return call_without_bridge(r, ns, b);
	}
	br = ns ? netns_dev_named(ns, b->name) : NULL;
	if (!br || !dev_is_bridge(br))
		return false;
	if (b->cmd == SIOCDEVPRIVATE)
		b->result = call_on_bridge(r, br, b);
	else if (!b->may)
		b->result = -EPERM;
	else
		b->result = change_ports(r, br, b->ifindex, b->cmd == SIOCBRADDIF);
	return true;
}
