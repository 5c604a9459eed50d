/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_mcast - what the files of multicast snooping share.
 *
 *	bridge_mcast.c	birth, settings; what workers ask
 *	bridge_view.c	what is published for them
 *	bridge_mdb.c	groups, and who is in them
 *	bridge_sg.c	sources: which (S,G) follow from a port's (*,G)
 *	bridge_report.c	reports and leaves (RFC 2236, 3376, 2710, 3810)
 *	bridge_hosts.c	hosts behind ports with fast_leave
 *	bridge_query.c	queries that are sent
 *	bridge_querier.c when, and the election of a querier
 *	bridge_mrouter.c router ports
 *	bridge_mdb_conf.c the database by hand
 *	bridge_igmp.c, bridge_mld.c	messages, read and written
 *	bridge_mcast_count.c	messages, counted
 *	bridge_mcast_timer.c	many timers on one of the control thread's
 *
 * Control keeps groups, members, sources and timers in struct bridge_mdb, and changes them
 * message by message.  Workers see none of that: for them there is a table of immutable
 * entries, one a group, and one immutable struct bridge_mcast with all that decides beside it.
 * Whatever control did, mdb_settle at its end publishes what has changed and frees what has
 * gone; so a deletion never pulls anything from under a loop that is running.
 */
#pragma once

#include "dev/bridge_mdb.h"
#include "dev/bridge_priv.h"
#include "pkt/hdr.h"

#define PORT_WORDS ((BRIDGE_PORTS_MAX + 64u) / 64u)

/* Index of what there is for each family. */
enum mcast_family {
	MCAST_IPV4,
	MCAST_IPV6,
	MCAST_FAMILIES
};

static inline enum mcast_family mcast_family(uint16_t proto)
{
	return proto == ETHERTYPE_IPV6 ? MCAST_IPV6 : MCAST_IPV4;
}

static inline size_t mcast_addr_size(uint16_t proto)
{
	return proto == ETHERTYPE_IPV6 ? 16 : 4;
}

/* ---- bridge_mcast_timer.c: control ---- */

/* Zeroed memory is a timer that does not run. */
struct mcast_timer {
	nsec_t at;
	uint64_t order;
	unsigned place; /* in the heap, from 1; 0: it does not run */
	void (*fn)(struct bridge_mdb *db, struct mcast_timer *t);
};

/* A heap of those that run, the next one first. */
struct mcast_timers {
	struct mcast_timer **heap; /* heap[0] is not used */
	unsigned n, size;
	uint64_t last_order;
	struct timer timer;
};

static inline bool mcast_timer_runs(const struct mcast_timer *t)
{
	return t->place;
}

/* Let @t fire at @at, instead of when it would have. */
void mcast_timer_set(struct bridge_mdb *db, struct mcast_timer *t, nsec_t at,
		     void (*fn)(struct bridge_mdb *db, struct mcast_timer *t));
void mcast_timer_stop(struct bridge_mdb *db, struct mcast_timer *t);
/* Clock ticks until it fires; 0: it does not run. */
uint32_t mcast_timer_left(const struct mcast_timer *t);
/* Would it fire after @at?  A timer that does not run never fires, which is later. */
static inline bool mcast_timer_later(const struct mcast_timer *t, nsec_t at)
{
	return !t->place || t->at > at;
}
void mcast_timers_done(struct bridge_mdb *db);

/* ---- the database: control ---- */

struct mdb_group {
	struct mdb_addr addr;
	struct bridge_mdb *db;
	struct mdb_group *next; /* of the same hash */
	struct list link;	/* db->groups, the youngest first; or db->dead */
	struct list dirty;	/* db->dirty */
	struct list members;	/* the port with the highest number first */
	bool host_joined, gone;
	struct mcast_timer timer; /* of the host's membership */
};

/* A port in a group; with mcast_to_unicast one for each station. */
struct mdb_member {
	struct list in_group, in_port; /* in_group: or db->dead_members */
	struct mdb_group *group;
	struct bridge_mcast_port *port;
	uint8_t mac[6]; /* whose report it was; ff:...: all of them */
	uint8_t flags;	/* MDB_F_* */
	uint8_t mode, rt_protocol;
	bool gone;
	struct mcast_timer timer;  /* RFC 3376, 6.2.2 */
	struct mcast_timer rexmit; /* of queries, 6.6.3 */
	unsigned group_queries;	   /* still to be sent */
	struct list sources;	   /* the youngest first */
	unsigned n_sources;
	struct list hosts;   /* bridge_hosts.c */
	struct list *wishes; /* what they want, by source; NULL: nobody ever did */
};

struct mdb_source {
	struct list link; /* member->sources, or db->dead_sources */
	struct mdb_member *member;
	uint8_t addr[16];
	struct mcast_timer timer; /* 6.2.3 */
	bool send, delete;	  /* marks while a report is worked on */
	bool installed;		  /* its (S,G) is there */
	bool by_user;
	bool gone;
	unsigned queries; /* still to be sent */
};

/* The queries that a bridge or a port sends of itself; RFC 3376, 8.6. */
struct mcast_own_query {
	struct mcast_timer timer;
	unsigned startup_sent;
	struct bridge_mcast_port *port; /* NULL: the bridge's */
	enum mcast_family family;
};

/* dev_port_state()->mcast. */
struct bridge_mcast_port {
	struct list link; /* db->ports, the youngest first */
	struct bridge_mdb *db;
	struct bridge_port *bp;
	struct list members;
	unsigned n_groups;
	unsigned n_hosts;    /* in all its groups */
	uint8_t router_type; /* mcast_router; TEMP wears off */
	bool is_router[MCAST_FAMILIES];
	struct mcast_timer router[MCAST_FAMILIES];
	struct mcast_own_query own[MCAST_FAMILIES];
};

/* The state of one family that is not of a port. */
struct mcast_election {
	struct mcast_timer other;   /* another querier is present, 8.5 */
	struct mcast_timer delay;   /* the first answers are still to come */
	struct mcast_timer router;  /* the bridge's own stack asks, so it routes */
	struct mcast_own_query own; /* of the bridge */
	uint8_t addr[16];	    /* the querier's; zero: none, or ours without one */
	uint8_t own_addr[16];	    /* of the bridge, as of own_addr_at */
	nsec_t own_addr_at;
	bool has_addr;
	unsigned port_ifindex; /* where it is; 0: here */
};

/* struct bridge's mdb. */
struct bridge_mdb {
	struct bridge *br;
	bool snooping; /* mcast_snooping */
	bool has_ipv6; /* the last MLD query had an address to come from */
	struct mdb_group **hash;
	unsigned n_buckets, n_groups;
	struct list groups;
	struct list dirty; /* groups to publish */
	bool view_dirty;
	struct list dead, dead_members, dead_sources;
	struct mcast_timers timers;
	struct mcast_election of[MCAST_FAMILIES];
	struct list ports;
	struct mcast_table *table; /* what workers see, bridge_view.c */
};

static inline const struct bridge_config *mdb_config(const struct bridge_mdb *db)
{
	return bridge_config(db->br);
}

static inline nsec_t ticks(uint64_t n)
{
	/* No setting of centuries overflows what it is added to. */
	return (nsec_t)min(n, (uint64_t)INT32_MAX * 100) * TICKS_NS;
}

static inline bool mdb_is_star_g(const struct mdb_addr *a)
{
	static const uint8_t zero[16];

	return a->proto && !memcmp(a->src, zero, sizeof(zero));
}

/* Do sources matter: IGMPv3, MLDv2? */
static inline bool mdb_by_source(const struct bridge_mdb *db, uint16_t proto)
{
	return proto == ETHERTYPE_IPV4	 ? mdb_config(db)->mcast_igmp_version == 3
	       : proto == ETHERTYPE_IPV6 ? mdb_config(db)->mcast_mld_version == 2
					 : false;
}

/* ---- bridge_mdb.c: control ---- */

void mdb_init(struct bridge_mdb *db);
void mdb_done(struct bridge_mdb *db);
/* What was changed becomes visible, what was deleted is freed. */
void mdb_settle(struct bridge_mdb *db);

struct mdb_group *mdb_find(const struct bridge_mdb *db, const struct mdb_addr *addr);
/* @mac matters where the port's groups are sent as unicast; NULL: any. */
struct mdb_member *mdb_find_member(const struct mdb_group *g,
				   const struct bridge_mcast_port *mp,
				   const uint8_t mac[6]);
struct mdb_source *mdb_find_source(const struct mdb_member *m, const uint8_t addr[16]);

/* Find or make.  -E2BIG: there are too many, and snooping is off from now on. */
int mdb_group_get(struct bridge_mdb *db, const struct mdb_addr *addr,
		  struct mdb_group **g) must_check;
/* As the group has no member any more, it goes. */
void mdb_group_put(struct mdb_group *g);
void mdb_touch(struct mdb_group *g); /* to be published */

void mdb_host_join(struct mdb_group *g, bool tell);
void mdb_host_leave(struct mdb_group *g, bool tell);
/* Its time ends then, if not earlier. */
void mdb_host_expires_by(struct mdb_group *g, nsec_t at);

/* Make a member; the port may have too many groups (-E2BIG with a sentence). */
int mdb_member_new(struct mdb_group *g, struct bridge_mcast_port *mp,
		   const uint8_t mac[6], uint8_t flags, uint8_t mode, uint8_t rt_protocol,
		   struct mdb_member **m, struct extack *ea) must_check;
void mdb_member_delete(struct mdb_member *m);
void mdb_member_expired(struct bridge_mdb *db, struct mcast_timer *t);
void mdb_tell(const struct mdb_group *g, const struct mdb_member *m, bool gone);

/* A report of a group has come by @mp, NULL: from the host.  *@m: the member, NULL for the
 * host.  @expires: its time begins anew. */
int mdb_join(struct bridge_mdb *db, struct bridge_mcast_port *mp,
	     const struct mdb_addr *addr, const uint8_t mac[6], uint8_t mode,
	     bool expires, bool blocked, struct mdb_member **m) must_check;

static inline bool mdb_is_up(const struct bridge_mdb *db)
{
	return dev_is_up(db->br->dev);
}

/* Is multicast looked at? */
static inline bool mdb_is_running(const struct bridge_mdb *db)
{
	return mdb_is_up(db) && db->snooping;
}

/* May messages of this port, NULL: the host, be learned from? */
bool mdb_listens(const struct bridge_mdb *db, const struct bridge_mcast_port *mp);

/* ---- bridge_sg.c: control ---- */

struct mdb_source *mdb_source_new(struct mdb_member *m, const uint8_t addr[16]);
void mdb_source_delete(struct mdb_source *s);
/* The same, because its last host has left. */
void mdb_source_left(struct mdb_source *s);
void mdb_source_set_timer(struct mdb_source *s, nsec_t at);
/* The (S,G) entry is there, and blocked or not as the timer has it. */
void mdb_source_forward(struct mdb_source *s);
/* A port's (*,G) includes or excludes now: others' sources concern it no more, or do. */
void mdb_mode_changed(struct mdb_member *m);
void mdb_sg_host(struct mdb_group *star);
/* A port is in an (S,G) now: so are all that exclude, and the host if it is in the (*,G). */
void mdb_sg_joined(const struct mdb_group *star, struct mdb_group *sg);
/* An (S,G) whose only members are there because they exclude is needed no more. */
void mdb_sg_unneeded(struct mdb_group *sg);

/* ---- messages: bridge_igmp.c, bridge_mld.c; any thread ---- */

enum mcast_type {
	MCAST_DATA, /* no message for us: a frame for a group */
	MCAST_REPORT,
	MCAST_LEAVE,
	MCAST_REPORT_V3, /* IGMPv3, MLDv2 */
	MCAST_QUERY,
	MCAST_ROUTER,  /* PIM hello, or the router advertisement of RFC 4286 */
	MCAST_INVALID, /* to be dropped */
};

struct mcast_msg {
	enum mcast_type type;
	struct mdb_addr addr; /* proto, VLAN; the group in question */
	uint8_t mac[6];	      /* who sent the frame */
	uint8_t host[16];     /* its IP address */
	/* the records of a report */
	const uint8_t *records;
	uint32_t len;
	unsigned n_records;
	/* a query */
	nsec_t max_delay;
	bool general, suppress, v3;
	unsigned n_sources;
	/* what it counts as; set for invalid ones, too, that are at least that */
	enum mcast_counter counter;
};

/* Read the packet of @len bytes at @ip, padding and all.  @check: its checksum, too. */
void igmp_parse(const uint8_t *ip, uint32_t len, bool check, struct mcast_msg *msg);
void mld_parse(const uint8_t *ip, uint32_t len, bool check, struct mcast_msg *msg);

/* The record of a report at *@off; false at the end.  @rest bytes must be there. */
struct mcast_record {
	uint8_t type;
	uint8_t group[16];
	unsigned n_sources;
	const uint8_t *sources;
};
bool mcast_next_record(const struct mcast_msg *msg, unsigned *i, uint32_t *off,
		       struct mcast_record *r);
enum {
	RECORD_IS_IN = 1,
	RECORD_IS_EX,
	RECORD_TO_IN,
	RECORD_TO_EX,
	RECORD_ALLOW,
	RECORD_BLOCK,
};

/* What a query asks; frames of at most QUERY_MAX bytes. */
#define QUERY_MAX (14u + 40u + 8u + 28u + MDB_SOURCES_MAX * 16u)
struct mcast_ask {
	uint8_t src_mac[6];
	uint8_t src[16]; /* IP */
	uint8_t to[16];	 /* zero: all hosts */
	uint8_t group[16];
	bool v3, suppress;
	nsec_t response;	 /* maximum response time */
	uint32_t query_interval; /* in seconds */
	unsigned n_sources;
	uint8_t source[MDB_SOURCES_MAX][16];
};
uint32_t igmp_write_query(const struct mcast_ask *q, uint8_t frame[QUERY_MAX]);
uint32_t mld_write_query(const struct mcast_ask *q, uint8_t frame[QUERY_MAX]);

/* Is this a frame that begins with an Ethernet header and at most one tag?  Gives where
 * layer 3 is and what; 0: too short. */
uint16_t mcast_layer3(const uint8_t *frame, uint32_t len, uint32_t *l3);
/* Read a whole frame. */
void mcast_parse(const uint8_t *frame, uint32_t len, uint16_t vid, bool check,
		 struct mcast_msg *msg);

/* ---- bridge_mcast_count.c ---- */

/* Worker: a message has come by @bp, NULL: from the bridge's own stack; or what is none. */
void mcast_count_rx(struct worker *w, struct bridge *br, struct bridge_port *bp,
		    enum mcast_counter what);
void mcast_count_error(struct worker *w, struct bridge *br, struct bridge_port *bp,
		       uint16_t proto);
/* Control: a query of the bridge's own. */
void mcast_count_own(struct bridge *br, struct bridge_port *bp, enum mcast_counter what);
/* Control: mcast_stats_enabled was set, or @bp (NULL: the bridge) is new. */
void mcast_count_set(struct bridge *br, struct bridge_port *bp);

/* ---- bridge_report.c: control ---- */

void mcast_report(struct bridge_mdb *db, struct bridge_mcast_port *mp,
		  const struct mcast_msg *msg);
void mcast_report_v3(struct bridge_mdb *db, struct bridge_mcast_port *mp,
		     const struct mcast_msg *msg);
void mcast_leave(struct bridge_mdb *db, struct bridge_mcast_port *mp,
		 const struct mdb_addr *addr, const uint8_t mac[6]);

/* ---- bridge_hosts.c: control ---- */

/* The host @addr has sent the record, which has been worked on; nothing without fast_leave.
 * True: it was the last one to want some sources, and they have gone. */
bool mcast_hosts_heard(struct mdb_member *m, const uint8_t addr[16],
		       const struct mcast_record *r);
/* The port has fast_leave, and nobody behind it is known to want the group. */
bool mcast_hosts_are_gone(const struct mdb_member *m);
void mcast_hosts_forget(struct mdb_member *m);

/* ---- bridge_query.c: control ---- */

/* A general query, as timers have it. */
void mcast_ask_all(struct bridge_mdb *db, struct bridge_mcast_port *mp,
		   enum mcast_family f);
/* About a group that a host has left by @mp (NULL: this one), once. */
void mcast_ask_group(struct bridge_mdb *db, struct bridge_mcast_port *mp,
		     const struct mdb_addr *addr);
/* About the group, or the sources that have queries to be sent; and again. */
void mcast_ask_member(struct mdb_member *m);
void mcast_ask_sources(struct mdb_member *m);

/* ---- bridge_querier.c: control ---- */

/* A query has come by @mp, NULL: from the host. */
void mcast_query(struct bridge_mdb *db, struct bridge_mcast_port *mp,
		 const struct mcast_msg *msg);
/* Are questions ours to ask? */
bool mcast_is_querier(const struct bridge_mdb *db, enum mcast_family f);
/* The next general query is then. */
void mcast_own_query_at(struct bridge_mdb *db, struct mcast_own_query *q, nsec_t at);
/* Begin to ask: the host; by a port.  And end all that is under way. */
void mcast_querier_open(struct bridge_mdb *db);
void mcast_querier_open_port(struct bridge_mcast_port *mp);
void mcast_querier_stop(struct bridge_mdb *db);
void mcast_querier_stop_port(struct bridge_mcast_port *mp);
/* mcast_querier was set. */
void mcast_querier_on(struct bridge_mdb *db);
/* Do members decide where a group goes: has somebody asked for them? */
bool mcast_is_queried(const struct bridge_mdb *db, enum mcast_family f);
/* IFLA_BR_MCAST_QUERIER_STATE. */
void mcast_querier_fill(const struct bridge_mdb *db, struct nlbuf *b);

/* ---- bridge_mrouter.c: control ---- */

/* A router has shown itself behind @mp, NULL: it is the host. */
void mcast_mark_router(struct bridge_mdb *db, struct bridge_mcast_port *mp,
		       enum mcast_family f);
/* mcast_router was set. */
void mcast_set_port_router(struct bridge_mcast_port *mp, uint8_t type);
void mcast_set_bridge_router(struct bridge_mdb *db);
/* The port came up, or goes down. */
void mcast_open_router(struct bridge_mcast_port *mp);
void mcast_forget_router(struct bridge_mcast_port *mp);
void mcast_tell_router(const struct bridge_mcast_port *mp, bool gone);
/* Does the bridge's own stack route? */
bool mcast_host_routes(const struct bridge_mdb *db, enum mcast_family f);

/* ---- bridge_view.c ---- */

struct mcast_entry {
	struct mcast_entry *next;
	struct mdb_addr addr;
	bool host;
	uint64_t ports[PORT_WORDS];
	unsigned n_copies;
	struct mcast_copy copies[];
};

struct mcast_table {
	uint64_t seed;
	unsigned n, mask;
	struct mcast_entry *bucket[];
};

/* struct bridge's mcast, for workers; immutable, but for the table's inside. */
struct bridge_mcast {
	const struct mcast_table *table;
	bool by_source[MCAST_FAMILIES];
	bool queried[MCAST_FAMILIES]; /* members are known: unknown groups are nobody's */
	bool host_routes[MCAST_FAMILIES];
	uint64_t routers[MCAST_FAMILIES][PORT_WORDS];
};

/* Worker. */
const struct mcast_entry *mcast_table_find(const struct mcast_table *t,
					   const struct mdb_addr *addr);
/* Control. */
void mcast_view_init(struct bridge_mdb *db);
void mcast_view_done(struct bridge_mdb *db);
void mcast_publish_group(struct mdb_group *g);
void mcast_publish_view(struct bridge_mdb *db);
