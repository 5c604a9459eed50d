/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge - commands of lab files in the words of bridge(8).
 *
 *	bridge vlan add dev DEV vid N[-M] [pvid] [untagged] [master]
 *	bridge vlan del dev DEV vid N[-M] [master]
 *	bridge vlan set dev DEV vid N state forwarding|learning|blocking
 *	bridge vlan show dev DEV		for "output": each run of VLANs that are alike
 *	bridge vlan count dev DEV vid N	for "output": what was counted of one, packets/bytes
 */
#include "lab.h"

#include "dev/bridge.h"

#include <stdio.h>

struct request {
	struct dev *dev;
	unsigned first, last, flags;
	int state;
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

	*r = (struct request){.state = -1};
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
		else
			lab_die("what is \"%s\"?", verb);
	}
}

void lab_bridge(char *rest)
{
	char *object = need(&rest, "an object"), *verb = need(&rest, "a verb");
	struct request r;

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
