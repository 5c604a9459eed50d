/* SPDX-License-Identifier: BSD-2-Clause
 *
 * frame - frames of lab files: from text to packets, and compared with what came.
 */
#include "lab.h"

#include <linux/if_ether.h>
#include <linux/virtio_net.h>
#include <stdio.h>

#define IPV4_TCP_LEN 40u

static unsigned need_number(char **rest, const char *what, int base)
{
	char *word = lab_word(rest), *end;
	unsigned long v;

	if (!word)
		lab_die("%s wants a number", what);
	v = strtoul(word, &end, base);
	if (*end || v > LAB_FRAME_MAX)
		lab_die("%s does not take \"%s\"", what, word);
	return (unsigned)v;
}

void lab_parse_mac(uint8_t *to, const char *word)
{
	unsigned b[6];
	int used = 0;

	if (!word ||
	    sscanf(word, "%2x:%2x:%2x:%2x:%2x:%2x%n", &b[0], &b[1], &b[2], &b[3], &b[4],
		   &b[5], &used) != 6 ||
	    word[used])
		lab_die("\"%s\" is no MAC address", word ?: "");
	for (int i = 0; i < 6; i++)
		to[i] = (uint8_t)b[i];
}

static void put_hex(struct lab_frame *frame, const char *hex)
{
	unsigned byte;
	int used;

	if (!hex)
		lab_die("raw wants hexadecimal digits");
	for (frame->len = 0; *hex; hex += used) {
		if (sscanf(hex, "%2x%n", &byte, &used) != 1 || used != 2)
			lab_die("\"%s\" are no hexadecimal digits", hex);
		frame->bytes[frame->len++] = (uint8_t)byte;
	}
}

/* Enough of IPv4 and TCP to be a segment that can be cut. */
static void put_tcp(struct lab_frame *frame, uint32_t at)
{
	uint8_t *ip = frame->bytes + at, *tcp = ip + 20;
	uint32_t len = frame->len - at;

	if (frame->len < at + IPV4_TCP_LEN)
		lab_die("a segment is longer than that");
	memset(ip, 0, IPV4_TCP_LEN);
	ip[0] = 0x45;
	ip[2] = (uint8_t)(len >> 8);
	ip[3] = (uint8_t)len;
	ip[8] = 64;
	ip[9] = 6;
	ip[12] = ip[16] = 10;
	ip[15] = 1;
	ip[19] = 2;
	tcp[12] = 0x50;
	tcp[13] = 0x10;
}

void lab_parse_times(char **rest, unsigned *times)
{
	char *word = lab_word(rest);

	if (!word)
		return;
	if (strcmp(word, "times") != 0)
		lab_die("what is \"%s\"?", word);
	*times = need_number(rest, word, 0);
}

/* vlan ID or svlan ID, then perhaps pcp N: a tag at @at. */
static unsigned put_tag(struct lab_frame *frame, unsigned at, bool service, unsigned id)
{
	frame->bytes[at++] = service ? 0x88 : 0x81;
	frame->bytes[at++] = service ? 0xa8 : 0x00;
	frame->bytes[at++] = (uint8_t)(id >> 8);
	frame->bytes[at++] = (uint8_t)id;
	return at;
}

static bool is_tag(const uint8_t *type)
{
	return (type[0] == 0x81 && type[1] == 0x00) ||
	       (type[0] == 0x88 && type[1] == 0xa8);
}

/* Put a tag of four bytes in at @at, or take one out. */
static void insert_tag(struct lab_frame *frame, unsigned at, bool service, unsigned id)
{
	memmove(frame->bytes + at + 4, frame->bytes + at, frame->len - at);
	put_tag(frame, at, service, id);
	frame->len += 4;
}

static void remove_tags(struct lab_frame *frame)
{
	while (is_tag(frame->bytes + 12)) {
		frame->len -= 4;
		memmove(frame->bytes + 12, frame->bytes + 16, frame->len - 12);
	}
}

void lab_parse_same(char *rest, struct lab_frame *frame, unsigned *times)
{
	unsigned at = 12;
	char *word;

	while ((word = lab_word(&rest))) {
		bool tag = !strcmp(word, "vlan") || !strcmp(word, "svlan");

		if (at == 12 && (tag || !strcmp(word, "untagged")))
			remove_tags(frame);
		if (tag) {
			insert_tag(frame, at, *word == 's', need_number(&rest, word, 0));
			at += 4;
		} else if (!strcmp(word, "pcp") && at > 12) {
			frame->bytes[at - 2] |=
				(uint8_t)(need_number(&rest, word, 0) << 5);
		} else if (!strcmp(word, "times")) {
			*times = need_number(&rest, word, 0);
		} else if (strcmp(word, "untagged") != 0) {
			lab_die("what is \"%s\"?", word);
		}
	}
}

static void parse_ether(char *src, char *rest, struct lab_frame *frame, unsigned *times)
{
	unsigned type = 0x0800, gso = 0, len = 60, at = 12;
	char *arrow = lab_word(&rest), *word;

	if (!arrow || strcmp(arrow, ">") != 0)
		lab_die("a frame is SRC > DST ...");
	lab_parse_mac(frame->bytes + 6, src);
	lab_parse_mac(frame->bytes, lab_word(&rest));
	while ((word = lab_word(&rest))) {
		if (!strcmp(word, "vlan") || !strcmp(word, "svlan"))
			at = put_tag(frame, at, *word == 's',
				     need_number(&rest, word, 0));
		else if (!strcmp(word, "pcp") && at > 12)
			frame->bytes[at - 2] |=
				(uint8_t)(need_number(&rest, word, 0) << 5);
		else if (!strcmp(word, "type"))
			type = need_number(&rest, word, 16);
		else if (!strcmp(word, "len"))
			len = need_number(&rest, word, 0);
		else if (!strcmp(word, "gso"))
			gso = need_number(&rest, word, 0);
		else if (!strcmp(word, "times"))
			*times = need_number(&rest, word, 0);
		else
			lab_die("what is \"%s\"?", word);
	}
	frame->bytes[at++] = (uint8_t)(type >> 8);
	frame->bytes[at++] = (uint8_t)type;
	if (len < at)
		lab_die("len %u is less than the headers", len);
	frame->len = len;
	for (unsigned i = at; i < len; i++)
		frame->bytes[i] = (uint8_t)(i * 7);
	frame->gso_size = (uint16_t)gso;
	if (gso)
		put_tcp(frame, at);
}

void lab_parse_frame(char *rest, struct lab_frame *frame, unsigned *times)
{
	char *word = lab_word(&rest);

	frame->gso_size = 0;
	if (!word)
		lab_die("the frame is missing");
	if (!strcmp(word, "mc")) {
		lab_parse_mcast(rest, frame, times);
		return;
	}
	if (strcmp(word, "raw") != 0) {
		parse_ether(word, rest, frame, times);
		return;
	}
	put_hex(frame, lab_word(&rest));
	lab_parse_times(&rest, times);
}

struct pkt *lab_make_pkt(const struct lab_frame *frame)
{
	struct pkt *p = pkt_from(&lab.w, frame->bytes, frame->len);
	uint16_t ip = 14;

	if (!p)
		lab_die("the pool is empty");
	while (is_tag(frame->bytes + ip - 2))
		ip += 4;
	if (frame->gso_size)
		p->off = (struct offload){
			.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
			.gso_type = VIRTIO_NET_HDR_GSO_TCPV4,
			.hdr_len = (uint16_t)(ip + IPV4_TCP_LEN),
			.gso_size = frame->gso_size,
			.csum_start = (uint16_t)(ip + 20),
			.csum_offset = 16,
		};
	return p;
}

bool lab_expect(struct lab_port *p, const struct lab_frame *frame)
{
	static uint8_t got[LAB_FRAME_MAX];
	struct pkt *pkt = p->port ? probe_pop(p->port) : NULL;
	uint32_t len;
	bool same;

	if (!pkt) {
		lab_check(false, "%s got nothing", p->name);
		return false;
	}
	len = pkt_size(pkt);
	same = len == frame->len && pkt_copy_out(pkt, 0, got, len) &&
	       !memcmp(got, frame->bytes, len) && pkt->off.gso_size == frame->gso_size;
	pkt_free(pkt);
	if (!same) {
		lab_check(false, "%s got another frame, of %u bytes and not %u", p->name,
			  len, frame->len);
		for (uint32_t i = 0; i < len && i < 64; i++)
			printf("%s%02x", i ? "" : "# ", got[i]);
		printf("\n");
	}
	return same;
}

void lab_flush(struct lab_port *p)
{
	unsigned n = p->port ? probe_n_sent(p->port) : 0;

	if (n)
		lab_check(false, "%s holds %u frames that nobody expected", p->name, n);
}
