/* SPDX-License-Identifier: BSD-2-Clause
 *
 * lab - what the runner's two files share: its state, and frames as text.
 */
#pragma once

#include "ctl/words.h"
#include "dev/tun.h"
#include "main/kinds.h"
#include "port/probe.h"

#define LAB_PORTS_MAX 64u
#define LAB_FRAME_MAX 65536u

/* A frame as the file describes it. */
struct lab_frame {
	uint32_t len;
	uint16_t gso_size;
	uint8_t bytes[LAB_FRAME_MAX + 16]; /* with room for tags */
};

struct lab_port {
	char name[32];
	struct port *port; /* NULL: gone with its device */
};

struct lab {
	struct net net;
	struct worker w;
	struct words words;
	struct lab_port ports[LAB_PORTS_MAX];
	unsigned n_ports;
	struct lab_frame sent; /* the last */
	char *out;	       /* what the last command showed */
	unsigned line, n_checks;
	bool failed;
};
extern struct lab lab;

void lab_check(bool ok, const char *format, ...) format_printf(2, 3);
_Noreturn void lab_die(const char *format, ...) format_printf(1, 2);
char *lab_word(char **rest);

/* The command "bridge". */
void lab_bridge(char *rest);

/* The command "flow". */
void lab_flow(char *rest);

void lab_parse_mac(uint8_t *to, const char *word);
void lab_parse_times(char **rest, unsigned *times);
/* What may follow "same": see lab.c. */
void lab_parse_same(char *rest, struct lab_frame *frame, unsigned *times);
void lab_parse_frame(char *rest, struct lab_frame *frame, unsigned *times);
/* mcast.c: "mc WORD GROUP ...". */
void lab_parse_mcast(char *rest, struct lab_frame *frame, unsigned *times);
void lab_mdb(struct dev *br, const char *rest);
void lab_routers(struct dev *br, const char *rest);
struct pkt *lab_make_pkt(const struct lab_frame *frame);

/* Take the next frame of @p and compare; says so only when it is another one, or none. */
bool lab_expect(struct lab_port *p, const struct lab_frame *frame);

/* A port that goes away must have nothing that nobody expected. */
void lab_flush(struct lab_port *p);
