/* SPDX-License-Identifier: BSD-2-Clause
 *
 * mcast - multicast in lab files: IGMP and MLD as words, and a bridge's database as text.
 *
 * Frames are put together here from the RFCs' pictures, not by the code under test.
 */
#include "lab.h"

#include "dev/bridge_mdb.h"
#include "pkt/hdr.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>

/* ---- frames ---- */

struct text {
	bool v6;
	uint8_t group[16], src[16], to[16];
	uint8_t sources[16][16];
	unsigned n_sources;
	unsigned code, vlan, qqic;
	bool has_code, v3, s_flag, bad_sum, bad_ip, no_hop;
	uint8_t mac[6];
	unsigned ttl;
};

static size_t addr_len(const struct text *t)
{
	return t->v6 ? 16 : 4;
}

static bool put_addr(uint8_t *to, const char *word)
{
	if (word && inet_pton(AF_INET6, word, to) == 1)
		return true;
	if (!word || inet_pton(AF_INET, word, to) != 1)
		lab_die("\"%s\" is no IP address", word ?: "");
	return false;
}

static void put_text_mac(uint8_t *to, const char *word)
{
	if (!word || sscanf(word, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &to[0], &to[1], &to[2],
			    &to[3], &to[4], &to[5]) != 6)
		lab_die("\"%s\" is no MAC address", word ?: "");
}

static void parse_rest(struct text *t, char *rest, unsigned *times)
{
	char *word;

	while ((word = lab_word(&rest))) {
		if (!strcmp(word, "src"))
			put_addr(t->src, lab_word(&rest));
		else if (!strcmp(word, "to"))
			put_addr(t->to, lab_word(&rest));
		else if (!strcmp(word, "mac"))
			put_text_mac(t->mac, lab_word(&rest));
		else if (!strcmp(word, "code") && (t->has_code = true))
			t->code = (unsigned)atoi(lab_word(&rest) ?: "");
		else if (!strcmp(word, "qqic"))
			t->qqic = (unsigned)atoi(lab_word(&rest) ?: "");
		else if (!strcmp(word, "vlan"))
			t->vlan = (unsigned)atoi(lab_word(&rest) ?: "");
		else if (!strcmp(word, "times"))
			*times = (unsigned)atoi(lab_word(&rest) ?: "");
		else if (!strcmp(word, "v3"))
			t->v3 = true;
		else if (!strcmp(word, "sflag"))
			t->s_flag = t->v3 = true;
		else if (!strcmp(word, "badsum"))
			t->bad_sum = true;
		else if (!strcmp(word, "badip"))
			t->bad_ip = true;
		else if (!strcmp(word, "nohop"))
			t->no_hop = true;
		else if (t->n_sources < array_size(t->sources))
			put_addr(t->sources[t->n_sources++], word);
	}
}

static uint16_t sum(uint32_t s, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		s += i & 1 ? p[i] : (uint32_t)p[i] << 8;
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return (uint16_t)~s;
}

static void put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static const char *const records[] = {"",      "is_in", "is_ex", "to_in",
				      "to_ex", "allow", "block"};

static unsigned record_type(const char *word)
{
	for (unsigned i = 1; i < array_size(records); i++)
		if (!strcmp(word, records[i]))
			return i;
	return 0;
}

static size_t put_sources(const struct text *t, uint8_t *p)
{
	for (unsigned i = 0; i < t->n_sources; i++)
		memcpy(p + i * addr_len(t), t->sources[i], addr_len(t));
	return t->n_sources * addr_len(t);
}

/* The message without its checksum; and where it goes unless told otherwise. */
static size_t put_message(const struct text *t, const char *word, uint8_t *m,
			  uint8_t to[16])
{
	size_t n = addr_len(t), head = t->v6 ? 8 : 4;
	unsigned record = record_type(word);

	if (record) {
		m[0] = t->v6 ? 143 : 0x22;
		put16(m + 6, 1);
		m[8] = (uint8_t)record;
		put16(m + 10, t->n_sources);
		memcpy(m + 12, t->group, n);
		put_addr(to, t->v6 ? "ff02::16" : "224.0.0.22");
		return 12 + n + put_sources(t, m + 12 + n);
	}
	memcpy(m + head, t->group, n);
	memcpy(to, t->group, n);
	if (t->v6)
		put16(m + 4, t->code);
	else
		m[1] = (uint8_t)t->code;
	if (!strcmp(word, "report")) {
		m[0] = t->v6 ? 131 : 0x16;
	} else if (!strcmp(word, "report1")) {
		m[0] = 0x12;
	} else if (!strcmp(word, "leave")) {
		m[0] = t->v6 ? 132 : 0x17;
		put_addr(to, t->v6 ? "ff02::2" : "224.0.0.2");
	} else if (!strcmp(word, "query")) {
		m[0] = t->v6 ? 130 : 0x11;
		if (!memcmp(t->group, (uint8_t[16]){}, n))
			put_addr(to, t->v6 ? "ff02::1" : "224.0.0.1");
		if (t->n_sources || t->v3) {
			m[head + n] = (uint8_t)(2 | (t->s_flag ? 8 : 0));
			m[head + n + 1] = (uint8_t)t->qqic;
			put16(m + head + n + 2, t->n_sources);
			return head + n + 4 + put_sources(t, m + head + n + 4);
		}
	} else if (!strcmp(word, "mrd")) {
		m[0] = t->v6 ? 151 : 0x30;
		put_addr(to, t->v6 ? "ff02::6a" : "224.0.0.106");
	} else {
		lab_die("what is \"%s\"?", word);
	}
	return head + n;
}

static size_t put_ipv4(const struct text *t, uint8_t *ip, uint8_t proto,
		       const uint8_t *body, size_t len)
{
	size_t header = proto == 2 ? 24 : 20;

	memset(ip, 0, header);
	ip[0] = (uint8_t)(0x40 | header / 4);
	ip[1] = proto == 2 ? 0xc0 : 0;
	put16(ip + 2, (unsigned)(header + len));
	ip[6] = 0x40;
	ip[8] = (uint8_t)t->ttl;
	ip[9] = proto;
	memcpy(ip + 12, t->src, 4);
	memcpy(ip + 16, t->to, 4);
	if (proto == 2)
		memcpy(ip + 20, (uint8_t[]){0x94, 4, 0, 0}, 4);
	put16(ip + 10, sum(0, ip, header) ^ (t->bad_ip ? 1u : 0));
	memcpy(ip + header, body, len);
	if (proto == 2)
		put16(ip + header + 2, sum(0, body, len) ^ (t->bad_sum ? 1u : 0));
	return header + len;
}

static size_t put_ipv6(const struct text *t, uint8_t *ip, uint8_t proto,
		       const uint8_t *body, size_t len)
{
	bool hop = proto == 58 && !t->no_hop;
	uint8_t pseudo[8] = {[7] = proto};
	uint32_t s;

	memset(ip, 0, 48);
	ip[0] = 0x60;
	put16(ip + 4, (unsigned)(len + (hop ? 8 : 0)));
	ip[6] = hop ? 0 : proto;
	ip[7] = (uint8_t)t->ttl;
	memcpy(ip + 8, t->src, 16);
	memcpy(ip + 24, t->to, 16);
	if (hop)
		memcpy(ip + 40, (uint8_t[]){58, 0, 5, 2, 0, 0, 0, 0}, 8);
	memcpy(ip + 40 + (hop ? 8 : 0), body, len);
	if (proto == 58) {
		put16(pseudo + 2, (unsigned)len);
		s = (uint16_t)~sum(0, ip + 8, 32) +
		    (uint32_t)(uint16_t)~sum(0, pseudo, 8);
		put16(ip + 40 + (hop ? 8 : 0) + 2,
		      sum(s, body, len) ^ (t->bad_sum ? 1u : 0));
	}
	return 40 + (hop ? 8 : 0) + len;
}

/* A datagram's header and some payload. */
static size_t put_udp(uint8_t *m)
{
	put16(m, 5000);
	put16(m + 2, 5000);
	put16(m + 4, 24);
	memcpy(m + 8, "for all of you! ", 16);
	return 24;
}

void lab_parse_mcast(char *rest, struct lab_frame *frame, unsigned *times)
{
	struct text t = {.mac = {2, 0, 0, 0, 0xa, 0xa}, .ttl = 1};
	char *word = lab_word(&rest), *group = lab_word(&rest);
	uint8_t body[512] = {}, *p = frame->bytes, proto;
	uint8_t to[16];
	size_t len;

	if (!word || !group)
		lab_die("mc wants a word and a group");
	t.v6 = put_addr(t.group, group);
	put_addr(t.src, t.v6 ? "fe80::1" : "10.0.0.1");
	parse_rest(&t, rest, times);
	if (!strcmp(word, "data")) {
		memcpy(to, t.group, 16);
		len = put_udp(body);
		proto = 17;
	} else if (!strcmp(word, "pim")) {
		put_addr(to, "224.0.0.13");
		body[0] = 0x20;
		len = 4;
		proto = 103;
	} else {
		len = put_message(&t, word, body, to);
		proto = t.v6 ? 58 : 2;
	}
	if (!memcmp(t.to, (uint8_t[16]){}, 16))
		memcpy(t.to, to, 16);
	if (t.v6)
		memcpy(p, (uint8_t[]){0x33, 0x33, t.to[12], t.to[13], t.to[14], t.to[15]},
		       6);
	else
		memcpy(p, (uint8_t[]){1, 0, 0x5e, t.to[1] & 0x7f, t.to[2], t.to[3]}, 6);
	memcpy(p + 6, t.mac, 6);
	p += 12;
	if (t.vlan) {
		put16(p, 0x8100);
		put16(p + 2, t.vlan);
		p += 4;
	}
	put16(p, t.v6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4);
	p += 2;
	p += t.v6 ? put_ipv6(&t, p, proto, body, len) : put_ipv4(&t, p, proto, body, len);
	frame->len = (uint32_t)(p - frame->bytes);
}

/* ---- the database ---- */

struct out {
	char text[4096];
	size_t len;
};

static void say(struct out *o, const char *format, ...) format_printf(2, 3);
static void say(struct out *o, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	o->len += (size_t)vsnprintf(o->text + o->len, sizeof(o->text) - o->len, format,
				    args);
	va_end(args);
	if (o->len >= sizeof(o->text))
		lab_die("the database is too long to be shown");
}

static void say_addr(struct out *o, uint16_t proto, const uint8_t *addr)
{
	char text[INET6_ADDRSTRLEN];

	if (!proto)
		say(o, "%02x:%02x:%02x:%02x:%02x:%02x", addr[0], addr[1], addr[2],
		    addr[3], addr[4], addr[5]);
	else
		say(o, "%s",
		    inet_ntop(proto == ETHERTYPE_IPV6 ? AF_INET6 : AF_INET, addr, text,
			      sizeof(text)));
}

static void say_seconds(struct out *o, uint32_t ticks)
{
	say(o, ticks % 100 ? "%u.%02u" : "%u", ticks / 100, ticks % 100);
}

static bool say_entry(void *arg, const struct mdb_info *e)
{
	static const char *const flags[] = {"perm", "fast", "star", "blocked"};
	struct out *o = arg;

	say(o, "%s", o->len ? " " : "");
	say_addr(o, e->addr.proto, e->addr.dst);
	if (memcmp(e->addr.src, (uint8_t[16]){}, 16) != 0) {
		say(o, "/");
		say_addr(o, e->addr.proto, e->addr.src);
	}
	if (e->addr.vid)
		say(o, ".%u", e->addr.vid);
	say(o, "@%s=", e->port->name);
	say_seconds(o, e->timer);
	for (unsigned i = 0; i < array_size(flags); i++)
		if (e->flags >> i & 1)
			say(o, ",%s", flags[i]);
	if (!e->has_mode)
		return true;
	say(o, ",%s(", e->mode == MDB_INCLUDE ? "in" : "ex");
	for (unsigned i = 0; i < e->n_sources; i++) {
		say(o, "%s", i ? "," : "");
		say_addr(o, e->addr.proto, e->source[i].addr);
		say(o, "=");
		say_seconds(o, e->source[i].timer);
	}
	say(o, ")");
	return true;
}

static void say_router(void *arg, const struct mdb_router *r)
{
	struct out *o = arg;

	say(o, "%s%s=", o->len ? " " : "", r->port->name);
	for (int i = 0; i < 2; i++) {
		if (i)
			say(o, "/");
		if (r->has[i])
			say_seconds(o, r->timer[i]);
		else
			say(o, "-");
	}
}

static void compare(const char *what, const struct out *o, const char *rest)
{
	rest += strspn(rest, " \t");
	lab_check(!strcmp(o->text, rest), "%s: %s (%s)", what, *rest ? rest : "none",
		  o->text);
}

void lab_mdb(struct dev *br, const char *rest)
{
	struct out o = {};

	mdb_foreach(br, NULL, say_entry, &o);
	compare("mdb", &o, rest);
}

void lab_routers(struct dev *br, const char *rest)
{
	struct out o = {};

	mdb_routers_foreach(br, say_router, &o);
	compare("routers", &o, rest);
}
