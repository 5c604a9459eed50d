/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge - commands of lab files in the words of bridge(8).
 *
 *	bridge vlan add dev DEV vid N[-M] [pvid] [untagged] [master]
 *	bridge vlan del dev DEV vid N[-M] [master]
 *	bridge vlan set dev DEV vid N state forwarding|learning|blocking
 *	bridge vlan set dev DEV vid N neigh_suppress on|off
 *	bridge vlan show dev DEV		for "output": each run of VLANs that are alike
 *	bridge vlan count dev DEV vid N	for "output": what was counted of one, packets/bytes
 *
 *	bridge fdb add MAC dev DEV [vlan N] [static|local|dynamic] [sticky] [extern_learn]
 *	bridge fdb del MAC dev DEV [vlan N]
 *	bridge fdb show dev BRIDGE	for "output": MAC DEV [vlan N] STATE for each
 *
 *	bridge neigh add|del ADDR MAC dev DEV	as if the kernel had told of it
 *	bridge neigh own|lost ADDR dev DEV	an address of DEV's own
 *
 * What is refused fails the file, but for "bridge fdb refused ERRNO add|del ...".
 */
#include "lab.h"

#include "dev/bridge.h"

#include <arpa/inet.h>
#include <linux/neighbour.h>
#include <stdio.h>

#ifndef NTF_STICKY
#define NTF_STICKY (1 << 6)
#endif

struct request {
	struct dev *dev;
	unsigned first, last, flags;
	int state, suppress; /* -1: not said */
};

static const char *const states[] = {
	[BR_STATE_DISABLED] = "disabled", [BR_STATE_LISTENING] = "listening",
	[BR_STATE_LEARNING] = "learning", [BR_STATE_FORWARDING] = "forwarding",
	[BR_STATE_BLOCKING] = "blocking",
};

static char *need(char **rest, const char *what)
{
	char *word = lab_word(rest);

	if (!word)
		lab_die("%s is missing", what);
	return word;
}

static int state_named(const char *name)
{
	for (size_t i = 0; i < array_size(states); i++)
		if (!strcmp(states[i], name))
			return (int)i;
	lab_die("there is no state \"%s\"", name);
}

static void parse(char *rest, struct request *r)
{
	char *word;

	*r = (struct request){.state = -1, .suppress = -1};
	while ((word = lab_word(&rest))) {
		if (!strcmp(word, "dev")) {
			char *name = need(&rest, "a device");

			r->dev = words_dev(&lab.words, name);
			if (!r->dev)
				lab_die("there is no device \"%s\"", name);
		} else if (!strcmp(word, "vid")) {
			int n = sscanf(need(&rest, "a VLAN"), "%u-%u", &r->first,
				       &r->last);

			if (n < 1)
				lab_die("vid wants N or N-M");
			if (n == 1)
				r->last = r->first;
		} else if (!strcmp(word, "pvid")) {
			r->flags |= BRIDGE_VLAN_INFO_PVID;
		} else if (!strcmp(word, "untagged")) {
			r->flags |= BRIDGE_VLAN_INFO_UNTAGGED;
		} else if (!strcmp(word, "master")) {
			r->flags |= BRIDGE_VLAN_INFO_MASTER;
		} else if (!strcmp(word, "neigh_suppress")) {
			r->suppress = !strcmp(need(&rest, "on or off"), "on");
		} else if (!strcmp(word, "state")) {
			r->state = state_named(need(&rest, "a state"));
		} else {
			lab_die("what is \"%s\"?", word);
		}
	}
	if (!r->dev || (!dev_is_bridge(r->dev) && !dev_bridge_of(r->dev)))
		lab_die("a bridge or a port is missing");
}

static bool alike(const struct bridge_vlan *a, const struct bridge_vlan *b)
{
	return a->untagged == b->untagged && !a->pvid && !b->pvid && a->state == b->state;
}

static void show_run(const struct bridge_vlan *v, unsigned last)
{
	char *before = lab.out, range[8] = "";

	if (last != v->vid)
		snprintf(range, sizeof(range), "-%u", last);
	lab.out = xasprintf("%s%u%s%s%s%s%s\n", before ?: "", v->vid, range,
			    v->pvid ? " pvid" : "", v->untagged ? " untagged" : "",
			    v->state == BR_STATE_FORWARDING ? "" : " ",
			    v->state == BR_STATE_FORWARDING ? "" : states[v->state]);
	free(before);
}

static void show(const struct request *r)
{
	struct bridge_vlan first = {}, v;
	unsigned last = 0;
	uint16_t vid = 0;

	while ((vid = bridge_vlan_next(r->dev, vid))) {
		(void)bridge_vlan_get(r->dev, vid, &v);
		if (last && (vid != last + 1 || !alike(&first, &v)))
			show_run(&first, last);
		if (!last || vid != last + 1 || !alike(&first, &v))
			first = v;
		last = vid;
	}
	if (last)
		show_run(&first, last);
}

static void show_counters(const struct request *r)
{
	struct bridge_vlan_counters c;
	char *before = lab.out;

	bridge_vlan_counters(r->dev, (uint16_t)r->first, &c);
	lab.out = xasprintf("%srx %lu/%lu tx %lu/%lu\n", before ?: "",
			    (unsigned long)c.rx_packets, (unsigned long)c.rx_bytes,
			    (unsigned long)c.tx_packets, (unsigned long)c.tx_bytes);
	free(before);
}

static void each(const struct request *r, const char *verb)
{
	for (unsigned vid = r->first; vid <= r->last; vid++) {
		if (!strcmp(verb, "add"))
			(void)bridge_vlan_add(r->dev, (uint16_t)vid, r->flags);
		else if (!strcmp(verb, "del"))
			(void)bridge_vlan_delete(r->dev, (uint16_t)vid, r->flags);
		else if (!strcmp(verb, "set") && r->state >= 0)
			(void)bridge_vlan_set_state(r->dev, (uint16_t)vid,
						    (uint8_t)r->state);
		else if (!strcmp(verb, "set") && r->suppress >= 0)
			(void)bridge_vlan_set_suppress(r->dev, (uint16_t)vid,
						       r->suppress);
		else
			lab_die("what is \"%s\"?", verb);
	}
}

/* ---- stations ---- */

static struct dev *need_dev(char **rest)
{
	char *name = need(rest, "a device");
	struct dev *dev = words_dev(&lab.words, name);

	if (!dev)
		lab_die("there is no device \"%s\"", name);
	return dev;
}

static const char *state_of(const struct bridge_fdb_entry *e)
{
	return e->state == NUD_PERMANENT ? "local"
	       : e->state == NUD_NOARP	 ? "static"
	       : e->state == NUD_STALE	 ? "stale"
					 : "dynamic";
}

static bool show_station(void *arg, const struct bridge_fdb_entry *e)
{
	char *before = lab.out, vlan[16] = "";

	if (e->vid)
		snprintf(vlan, sizeof(vlan), " vlan %u", e->vid);
	lab.out = xasprintf("%s%02x:%02x:%02x:%02x:%02x:%02x %s%s %s%s%s\n", before ?: "",
			    e->addr[0], e->addr[1], e->addr[2], e->addr[3], e->addr[4],
			    e->addr[5], e->port ? e->port->name : "self", vlan,
			    state_of(e), e->flags & NTF_STICKY ? " sticky" : "",
			    e->ext_flags ? " locked" : "");
	free(before);
	return true;
}

static int change_station(const char *verb, char *rest)
{
	uint16_t vid = 0, state = NUD_PERMANENT;
	struct dev *dev = NULL;
	struct extack ea = {};
	uint8_t flags = 0, addr[6];
	char *word;

	lab_parse_mac(addr, need(&rest, "an address"));
	while ((word = lab_word(&rest))) {
		if (!strcmp(word, "dev"))
			dev = need_dev(&rest);
		else if (!strcmp(word, "vlan"))
			vid = (uint16_t)strtoul(need(&rest, "a VLAN"), NULL, 0);
		else if (!strcmp(word, "static"))
			state = NUD_NOARP;
		else if (!strcmp(word, "dynamic"))
			state = NUD_REACHABLE;
		else if (!strcmp(word, "sticky"))
			flags |= NTF_STICKY;
		else if (!strcmp(word, "extern_learn"))
			flags |= NTF_EXT_LEARNED;
		else if (strcmp(word, "local") != 0)
			lab_die("what is \"%s\"?", word);
	}
	if (!dev)
		lab_die("the device is missing");
	if (!strcmp(verb, "add"))
		return bridge_fdb_add(dev, addr, vid, state, flags,
				      NLM_F_CREATE | NLM_F_EXCL, &ea);
	if (strcmp(verb, "del") != 0)
		lab_die("what is \"%s\"?", verb);
	return bridge_fdb_delete(dev, addr, vid, &ea);
}

static void stations(const char *verb, char *rest)
{
	const char *wanted = NULL;
	uint32_t cursor = 0;
	int err;

	if (!strcmp(verb, "show")) {
		(void)need(&rest, "dev");
		free(lab.out);
		lab.out = NULL;
		bridge_fdb_foreach(need_dev(&rest), &cursor, show_station, NULL);
		return;
	}
	if (!strcmp(verb, "refused")) {
		wanted = need(&rest, "an errno");
		verb = need(&rest, "a verb");
	}
	err = change_station(verb, rest);
	if (wanted || err)
		lab_check(err && wanted && !strcmp(strerrorname_np(-err), wanted),
			  "bridge fdb %s: %s", verb,
			  err ? strerrorname_np(-err) : "done");
	net_run_deferred(&lab.net);
}

static void neighbours(const char *verb, char *rest)
{
	struct bridge_neighbour n = {.family = AF_INET};
	const char *addr = need(&rest, "an address");
	bool is_gone = !strcmp(verb, "del") || !strcmp(verb, "lost");

	if (!is_gone && strcmp(verb, "add") != 0 && strcmp(verb, "own") != 0)
		lab_die("what is \"%s\"?", verb);
	if (strchr(addr, ':'))
		n.family = AF_INET6;
	if (inet_pton(n.family, addr, n.addr) != 1)
		lab_die("\"%s\" is no address", addr);
	n.local = !strcmp(verb, "own") || !strcmp(verb, "lost");
	if (!n.local)
		lab_parse_mac(n.mac, need(&rest, "a MAC address"));
	(void)need(&rest, "dev");
	if (is_gone)
		bridge_neigh_delete(need_dev(&rest), &n);
	else
		bridge_neigh_add(need_dev(&rest), &n);
	net_run_deferred(&lab.net);
}

void lab_bridge(char *rest)
{
	char *object = need(&rest, "an object"), *verb = need(&rest, "a verb");
	struct request r;

	if (!strcmp(object, "fdb")) {
		stations(verb, rest);
		return;
	}
	if (!strcmp(object, "neigh")) {
		neighbours(verb, rest);
		return;
	}
	if (strcmp(object, "vlan") != 0)
		lab_die("bridge has no \"%s\" here", object);
	parse(rest, &r);
	free(lab.out);
	lab.out = NULL;
	if (!strcmp(verb, "show"))
		show(&r);
	else if (!strcmp(verb, "count"))
		show_counters(&r);
	else
		each(&r, verb);
	net_run_deferred(&lab.net);
}
