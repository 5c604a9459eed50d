/* SPDX-License-Identifier: BSD-2-Clause
 *
 * flow - the commands about flows (net/flow.h), for which this plays whoever carries them past
 * the engine: it looks at their ways again only when the model says that something has changed.
 *
 *	flow seen on DEV SRC > DST	what the namespace of DEV sends there has to be seen
 *	flow begin on DEV SRC > DST DEV...	it need not, and goes over these devices; from now on
 *					it goes unseen
 *	flow goes			still
 *	flow ended			no longer, for there is no such way or another one
 *	flow carried			frames went that way just now
 */
#include "lab.h"

#include "net/flow.h"

#include <stdio.h>

static struct {
	struct net_listener listener;
	struct flow flow;
	struct flow_hop hop[FLOW_HOPS_MAX];
	unsigned n; /* 0: there is none */
	bool carries;
} it;

static void end(void)
{
	flow_end(it.hop, it.n);
	it.n = 0;
}

static void hear(struct net_listener *l, enum net_event event, struct dev *dev)
{
	struct flow_hop hop[FLOW_HOPS_MAX];
	unsigned n;

	if (!it.n || !flow_is_near(dev))
		return;
	if (event == NET_FLOWS_ASKED) {
		if (it.carries)
			flow_carried(&it.flow, it.hop, it.n, clock_now());
		return;
	}
	n = flow_way(it.hop[0].dev, &it.flow, hop);
	if (!flow_is_same_way(hop, n, it.hop, it.n))
		end();
}

static char *need(char **rest)
{
	char *word = lab_word(rest);

	if (!word)
		lab_die("the line ends too early");
	return word;
}

static struct dev *need_dev(char **rest)
{
	char *name = need(rest);
	struct dev *dev = words_dev(&lab.words, name);

	if (!dev)
		lab_die("there is no device \"%s\"", name);
	return dev;
}

static struct dev *parse_flow(char **rest, struct flow *flow)
{
	struct dev *dev;

	if (strcmp(need(rest), "on") != 0)
		lab_die("on which device?");
	dev = need_dev(rest);
	lab_parse_mac(flow->src, need(rest));
	if (strcmp(need(rest), ">") != 0)
		lab_die("it is SRC > DST");
	lab_parse_mac(flow->dst, need(rest));
	return dev;
}

static void begin(char *rest)
{
	struct dev *dev = parse_flow(&rest, &it.flow);
	char *word;
	unsigned i = 0;

	if (!list_is_linked(&it.listener.link)) {
		it.listener.fn = hear;
		net_listen(&lab.net, &it.listener);
	}
	if (it.n)
		end();
	memset(it.hop, 0, sizeof(it.hop));
	it.carries = false;
	it.n = flow_way(dev, &it.flow, it.hop);
	flow_begin(it.hop, it.n);
	for (; (word = lab_word(&rest)); i++)
		if (i >= it.n || words_dev(&lab.words, word) != it.hop[i].dev)
			break;
	lab_check(it.n && i == it.n && !word,
		  "what %s sends goes unseen, as it should (%u hops)", dev->name, it.n);
}

void lab_flow(char *rest)
{
	struct flow_hop hop[FLOW_HOPS_MAX];
	struct flow flow;
	char *verb = need(&rest);
	struct dev *dev;

	if (!strcmp(verb, "begin")) {
		begin(rest);
	} else if (!strcmp(verb, "seen")) {
		dev = parse_flow(&rest, &flow);
		lab_check(!flow_way(dev, &flow, hop), "what %s sends there is seen",
			  dev->name);
	} else if (!strcmp(verb, "goes")) {
		lab_check(it.n, "it goes unseen");
	} else if (!strcmp(verb, "ended")) {
		lab_check(!it.n, "it goes unseen no longer");
	} else if (!strcmp(verb, "carried")) {
		it.carries = true;
		flow_carried(&it.flow, it.hop, it.n, clock_now());
	} else {
		lab_die("what is \"%s\"?", verb);
	}
}
