/* SPDX-License-Identifier: BSD-2-Clause
 *
 * lab - runs a text file of topologies and frames in one process, on a clock that only the
 * file moves, and says in TAP what came true.
 *
 *	lab FILE
 *
 * A line is a command; ";" separates several; "#" begins a comment.  DEV is NAME, or NS/NAME.
 *
 *	ip ..., link ..., tuntap ..., netns ...	as src/ctl/words.h has them; must succeed
 *	bridge ...			see bridge.c
 *	flow ...			see flow.c
 *	refused ERRNO [TEXT] : COMMAND	must fail so, with TEXT somewhere in the sentence
 *	output TEXT			the last command showed TEXT
 *	port P on DEV			P stands where DEV's namespace is
 *	program P on DEV [queue]	P is a program that opened the tap, tun or macvtap DEV; "queue"
 *					also gives the namespace's side of it a port, P.ns
 *	hang-up P			the program ends
 *	join DEV DEV			what arrives on one leaves by the other, and back
 *	send P FRAME			P gives a frame to its device
 *	expect P FRAME|nothing		the next frame that P was given
 *	expect P same [untagged | [s]vlan ID [pcp N]...] [times N]
 *					the frame sent last; with other tags than it had
 *	discard P			what P was given so far does not matter
 *	drops DEV REASON N		packets that DEV has dropped so, in all
 *	counters DEV NAME=N...		of struct dev_counters
 *	carrier DEV on|off
 *	mdb BR ENTRY...			the multicast database, all of it, and nothing else:
 *					GROUP[/SOURCE][.VID]@PORT=SECONDS[,FLAG...][,in|ex(SOURCE=SECONDS,...)]
 *	routers BR PORT=IPV4/IPV6...	the router ports with their seconds, -: not of that family
 *	state DEV STATE			of a bridge's port: disabled, blocking, listening...
 *	warp N[ms|s]			time passes
 *
 *	FRAME: SRC > DST [[s]vlan ID [pcp N]]... [type HEX] [len N] [gso SIZE] [times N],
 *	or raw HEX [times N]; svlan is a tag of 802.1ad
 *
 * Times N: so many such frames.  Len is of the whole frame, filled with a pattern.  At the end
 * no port may hold a frame that nobody expected, and every packet must be back in its pool.
 */
#include "lab.h"

#include "dev/bridge.h"
#include "dev/macvlan.h"
#include "net/post.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

struct lab lab;

/* ---- what the runner says ---- */

void lab_check(bool ok, const char *format, ...)
{
	va_list args;

	printf("%sok %u - line %u: ", ok ? "" : "not ", ++lab.n_checks, lab.line);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	lab.failed |= !ok;
}

void lab_die(const char *format, ...)
{
	va_list args;

	printf("Bail out! line %u: ", lab.line);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	exit(1);
}

/* ---- words of a line ---- */

/* The next word, or NULL. */
char *lab_word(char **rest)
{
	char *word;

	*rest += strspn(*rest, " \t");
	if (!**rest)
		return NULL;
	word = *rest;
	*rest += strcspn(*rest, " \t");
	if (**rest)
		*(*rest)++ = 0;
	return word;
}

static char *need(char **rest, const char *what)
{
	char *word = lab_word(rest);

	if (!word)
		lab_die("%s is missing", what);
	return word;
}

static struct dev *need_dev(char **rest)
{
	char *name = need(rest, "a device");
	struct dev *dev = words_dev(&lab.words, name);

	if (!dev)
		lab_die("there is no device \"%s\"", name);
	return dev;
}

static struct lab_port *need_port(char **rest)
{
	char *name = need(rest, "a port");

	for (unsigned i = 0; i < lab.n_ports; i++)
		if (!strcmp(lab.ports[i].name, name))
			return &lab.ports[i];
	lab_die("there is no port \"%s\"", name);
}

/* ---- running the data plane ---- */

static void run_pending(void)
{
	do {
		while (!dev_run_pending(&lab.w, UINT32_MAX))
			;
		net_run_posts(&lab.net);
	} while (lab.w.first);
}

/* As a worker does it. */
static void poll_ports(void)
{
	bool any = true;

	while (any) {
		any = false;
		for (unsigned i = 0; i < lab.n_ports; i++) {
			struct port *port = lab.ports[i].port;
			struct burst b;

			if (!port)
				continue;
			b.n = 0;
			port->ops->receive(&lab.w, port, &b);
			any |= b.n;
			for (uint32_t j = 0; j < b.n; j++)
				b.pkt[j]->queue = (uint16_t)port->queue;
			dev_queue_burst(&lab.w, port->dev, port->input, &b);
			run_pending();
		}
	}
}

/* A device takes its ports with it. */
static void hear(struct net_listener *l, enum net_event event, struct dev *dev)
{
	for (unsigned i = 0; event == NET_DEV_DYING && i < lab.n_ports; i++) {
		struct lab_port *p = &lab.ports[i];

		if (!p->port || p->port->dev != dev)
			continue;
		lab_flush(p);
		p->port = NULL;
	}
}

/* ---- commands ---- */

static void do_words(char *command)
{
	struct extack ea = {};
	int err;

	free(lab.out);
	lab.out = NULL;
	err = words_run(&lab.words, command, &lab.out, &ea);
	if (err)
		lab_check(false, "\"%s\": %s: %s", command, strerror(-err), ea.msg);
	net_run_deferred(&lab.net);
}

static void do_refused(char *rest)
{
	char *name = need(&rest, "an errno"), *colon = strstr(rest, ": ");
	char *command = colon + 2, *text = rest + strspn(rest, " ");
	struct extack ea = {};
	int err;

	if (!colon)
		lab_die("\": \" and the command are missing");
	*colon = 0;
	if (colon > text && colon[-1] == ' ')
		colon[-1] = 0;
	err = words_run(&lab.words, command, NULL, &ea);
	lab_check(err < 0 && !strcmp(strerrorname_np(-err), name) && strstr(ea.msg, text),
		  "refused: %s (%s: %s)", command, err ? strerrorname_np(-err) : "done",
		  ea.msg);
}

static void do_output(char *rest)
{
	/* The end of a line of TAP is the end of what it says. */
	for (char *c = lab.out; c && (c = strchr(c, '\n'));)
		*c = c[1] ? '|' : 0;
	rest += strspn(rest, " \t");
	lab_check(lab.out && strstr(lab.out, rest), "output: %s (%s)", rest,
		  lab.out ?: "nothing");
}

static struct lab_port *new_port(const char *name, enum dir input)
{
	struct lab_port *p;

	if (lab.n_ports == LAB_PORTS_MAX)
		lab_die("more than %u ports", LAB_PORTS_MAX);
	p = &lab.ports[lab.n_ports++];
	snprintf(p->name, sizeof(p->name), "%s", name);
	p->port = probe_port_create(input);
	return p;
}

static struct dev *need_on_dev(char **rest)
{
	if (strcmp(need(rest, "\"on\""), "on") != 0)
		lab_die("\"on\" is missing");
	return need_dev(rest);
}

static void do_port(char *rest)
{
	char *name = need(&rest, "a port");
	struct dev *dev = need_on_dev(&rest);

	dev_set_mirror(dev, new_port(name, DIR_TX)->port);
	net_run_deferred(&lab.net);
}

static void do_program(char *rest)
{
	char *name = need(&rest, "a port"), *queue;
	struct dev *dev = need_on_dev(&rest);
	bool is_macvtap = macvtap_is(dev);
	struct port *far = new_port(name, is_macvtap ? DIR_TX : DIR_RX)->port,
		    *mirror = NULL;
	struct extack ea = {};
	char mirror_name[32];
	int err;

	queue = lab_word(&rest);
	if (queue) {
		snprintf(mirror_name, sizeof(mirror_name), "%s.ns", name);
		mirror = new_port(mirror_name, DIR_TX)->port;
	}
	err = is_macvtap ? macvtap_attach(dev, far)
			 : tun_attach_queue(dev, mirror, far, &ea);
	if (err < 0) {
		lab.n_ports -= mirror ? 2 : 1;
		net_run_deferred(&lab.net);
		lab_check(false, "program %s: %s", name, ea.msg);
	}
}

static void forget_ports_of(struct dev *dev, unsigned queue)
{
	for (unsigned i = 0; i < lab.n_ports; i++) {
		struct lab_port *p = &lab.ports[i];

		if (p->port && p->port->dev == dev && p->port->queue == queue &&
		    p->port != dev->mirror)
			p->port = NULL;
	}
}

static void do_hang_up(char *rest)
{
	struct lab_port *p = need_port(&rest);
	struct dev *dev = p->port->dev;
	unsigned queue = p->port->queue;

	lab_flush(p);
	if (macvtap_is(dev)) {
		macvtap_detach(dev, p->port);
		p->port = NULL;
		net_run_deferred(&lab.net);
		return;
	}
	forget_ports_of(dev, queue);
	tun_detach_queue(dev, queue);
	net_run_deferred(&lab.net);
}

static void forward(struct worker *w, struct dev *dev, struct burst *b)
{
	dev_queue_burst(w, dev->upper, DIR_TX, b);
}

static void do_join(char *rest)
{
	struct dev *a = need_dev(&rest), *b = need_dev(&rest);

	dev_set_upper(a, b, forward);
	dev_set_upper(b, a, forward);
}

static void do_send(char *rest)
{
	struct lab_port *p = need_port(&rest);
	unsigned times = 1;

	if (!p->port)
		lab_die("port %s has no device any more", p->name);
	lab_parse_frame(rest, &lab.sent, &times);
	for (unsigned i = 0; i < times; i++)
		probe_push(p->port, lab_make_pkt(&lab.sent));
	poll_ports();
}

static void do_expect(char *rest)
{
	struct lab_port *p = need_port(&rest);
	struct lab_frame frame = lab.sent;
	unsigned times = 1;

	rest += strspn(rest, " ");
	if (!strcmp(rest, "nothing")) {
		unsigned n = p->port ? probe_n_sent(p->port) : 0;

		lab_check(!n, "%s got nothing (%u frames)", p->name, n);
		return;
	}
	if (!strncmp(rest, "same", 4) && (!rest[4] || rest[4] == ' ')) {
		lab_parse_same(rest + 4, &frame, &times);
	} else {
		lab_parse_frame(rest, &frame, &times);
	}
	for (unsigned i = 0; i < times; i++)
		if (!lab_expect(p, &frame))
			return;
	lab_check(true, "%s got %u frames of %u bytes", p->name, times, frame.len);
}

static void do_drops(char *rest)
{
	struct dev *dev = need_dev(&rest);
	char *name = need(&rest, "a reason");
	unsigned long n = strtoul(need(&rest, "a number"), NULL, 0);

	for (unsigned why = 0; why < DROP_N_REASONS; why++) {
		if (strcmp(drop_name(why), name) != 0)
			continue;
		lab_check(dev_drops(dev, why) == n, "%s dropped %lu, %s (%lu)", dev->name,
			  n, drop_text(why), (unsigned long)dev_drops(dev, why));
		return;
	}
	lab_die("there is no reason \"%s\"", name);
}

static const struct {
	const char *name;
	size_t offset;
} counter_names[] = {
#define COUNTER(name) \
	{ \
#name, offsetof(struct dev_counters, name) \
	}
	COUNTER(rx_packets), COUNTER(rx_bytes),	  COUNTER(tx_packets),
	COUNTER(tx_bytes),   COUNTER(rx_dropped), COUNTER(tx_dropped),
#undef COUNTER
};

static void check_counter(struct dev *dev, char *word)
{
	char *equals = strchr(word, '=');
	struct dev_counters c;
	uint64_t is, wanted;

	if (!equals)
		lab_die("\"%s\" is not NAME=N", word);
	*equals = 0;
	wanted = strtoull(equals + 1, NULL, 0);
	dev_counters(dev, &c);
	for (size_t i = 0; i < array_size(counter_names); i++) {
		if (strcmp(counter_names[i].name, word) != 0)
			continue;
		memcpy(&is, (const char *)&c + counter_names[i].offset, sizeof(is));
		lab_check(is == wanted, "%s %s=%lu (%lu)", dev->name, word,
			  (unsigned long)wanted, (unsigned long)is);
		return;
	}
	lab_die("there is no counter \"%s\"", word);
}

static void do_counters(char *rest)
{
	struct dev *dev = need_dev(&rest);
	char *word;

	while ((word = lab_word(&rest)))
		check_counter(dev, word);
}

static void do_carrier(char *rest)
{
	struct dev *dev = need_dev(&rest);
	bool on = !strcmp(need(&rest, "on or off"), "on");

	lab_check(dev_has_carrier(dev) == on, "carrier of %s is %s", dev->name,
		  on ? "on" : "off");
}

static void do_warp(char *rest)
{
	char *end, *word = need(&rest, "a time");
	nsec_t by = (nsec_t)strtoul(word, &end, 0);

	by *= !strcmp(end, "ms") ? NSEC_PER_MSEC : NSEC_PER_SEC;
	/* From timer to timer, so that what one sends is there before the next is due. */
	while (by > 0) {
		nsec_t next = timers_run();
		nsec_t step = next >= 0 ? min(by, max(next, (nsec_t)1)) : by;

		clock_warp(step);
		by -= step;
		timers_run();
		lab.w.now = clock_now();
		poll_ports();
		run_pending();
	}
}

static void do_mdb(char *rest)
{
	struct dev *br = need_dev(&rest);

	lab_mdb(br, rest);
}

static void do_routers(char *rest)
{
	struct dev *br = need_dev(&rest);

	lab_routers(br, rest);
}

static void do_discard(char *rest)
{
	struct lab_port *p = need_port(&rest);
	struct pkt *pkt;

	while ((pkt = probe_pop(p->port)))
		pkt_free(pkt);
}

static void do_state(char *rest)
{
	static const char *const names[] = {"disabled", "listening", "learning",
					    "forwarding", "blocking"};
	const struct dev *dev = need_dev(&rest);
	const char *wanted = need(&rest, "a state");
	const char *is = dev_bridge_of(dev) ? names[bridge_port_state(dev)] : "no port";

	lab_check(!strcmp(is, wanted), "%s is %s, wanted %s", dev->name, is, wanted);
}

static const struct {
	const char *name;
	void (*fn)(char *rest);
} commands[] = {
	{"bridge", lab_bridge},	 {"refused", do_refused},   {"output", do_output},
	{"port", do_port},	 {"program", do_program},   {"join", do_join},
	{"hang-up", do_hang_up}, {"send", do_send},	    {"expect", do_expect},
	{"drops", do_drops},	 {"counters", do_counters}, {"warp", do_warp},
	{"carrier", do_carrier}, {"mdb", do_mdb},	    {"routers", do_routers},
	{"state", do_state},	 {"discard", do_discard},   {"flow", lab_flow},
};

static void do_command(char *command)
{
	size_t len;

	command += strspn(command, " \t");
	len = strcspn(command, " \t");
	if (!len)
		return;
	for (size_t i = 0; i < array_size(commands); i++) {
		if (strlen(commands[i].name) == len &&
		    !strncmp(command, commands[i].name, len)) {
			commands[i].fn(command + len);
			return;
		}
	}
	do_words(command);
}

/* ---- files ---- */

static void run_file(FILE *file)
{
	char *line = NULL, *save;
	size_t size = 0;

	while (getline(&line, &size, file) >= 0) {
		lab.line++;
		line[strcspn(line, "#\n")] = 0;
		for (char *c = strtok_r(line, ";", &save); c;
		     c = strtok_r(NULL, ";", &save)) {
			size_t len = strlen(c);

			while (len && (c[len - 1] == ' ' || c[len - 1] == '\t'))
				c[--len] = 0;
			do_command(c);
		}
	}
	free(line);
}

static void lab_end(void)
{
	for (unsigned i = 0; i < lab.n_ports; i++) {
		struct lab_port *p = &lab.ports[i];
		unsigned n = p->port ? probe_n_sent(p->port) : 0;

		if (n)
			lab_check(false, "%s holds %u frames that nobody expected",
				  p->name, n);
	}
	words_done(&lab.words);
	net_done(&lab.net);
	dev_forget_pending(&lab.w);
	lab_check(pool_available(lab.w.small) == pool_size(lab.w.small) &&
			  pool_available(lab.w.large) == pool_size(lab.w.large),
		  "every packet is back in its pool");
	pool_destroy(lab.w.small);
	pool_destroy(lab.w.large);
	free(lab.out);
}

int main(int argc, char **argv)
{
	struct net_listener listener = {.fn = hear};
	FILE *file = argc == 2 ? fopen(argv[1], "re") : NULL;

	if (!file) {
		fprintf(stderr, "usage: lab FILE\n");
		return 2;
	}
	clock_stop();
	lab.w.now = clock_now();
	net_init(&lab.net, dev_kinds, 1);
	net_listen(&lab.net, &listener);
	words_init(&lab.words, &lab.net);
	lab.net.self = &lab.w;
	lab.w.small = pool_create(512, PKT_SMALL_ROOM);
	lab.w.large = pool_create(32, PKT_LARGE_ROOM);
	run_file(file);
	fclose(file);
	lab_end();
	printf("1..%u\n", lab.n_checks);
	return lab.failed;
}
