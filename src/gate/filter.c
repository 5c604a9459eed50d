/* SPDX-License-Identifier: BSD-2-Clause
 *
 * filter - from a table of calls to a classic BPF program.
 *
 * The line of call numbers is cut into spans: each call of the table is one, and what lies
 * between two calls is one with the default action; neighbours that do the same without
 * looking at arguments are joined.  A binary tree of comparisons finds the span.
 *
 * Code is made of blocks that end in a return on every path and jump only forward inside
 * themselves.  So a block can be moved as it is, which the tree does when a branch is longer
 * than the 255 instructions that a conditional jump can skip.
 */
#include "gate/filter.h"

#include <linux/audit.h>
#include <unistd.h>

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define NATIVE_ARCH AUDIT_ARCH_RISCV64
#else
#error "name this architecture as <linux/audit.h> does"
#endif

#define LOW_HALF  (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 0 : 4)
#define HIGH_HALF (4 - LOW_HALF)

struct code {
	struct sock_filter *at;
	size_t n, room;
};

struct span {
	uint32_t from; /* the first number; it ends where the next begins */
	bool plain;    /* @action whatever the arguments are */
	uint32_t action;
};

struct builder {
	const struct call_rule *rules;
	size_t n_rules;
	uint32_t otherwise;
	struct span *spans;
	size_t n_spans;
	struct code code;
};

static size_t emit(struct code *c, struct sock_filter op)
{
	if (c->n == c->room) {
		c->room = c->room * 2 + 64;
		c->at = xrealloc(c->at, c->room * sizeof(*c->at));
	}
	c->at[c->n] = op;
	return c->n++;
}

static void emit_load(struct code *c, uint32_t offset)
{
	emit(c, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset));
}

static void emit_return(struct code *c, uint32_t action)
{
	emit(c, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

/* ---- conditions ---- */

/* A comparison of 32 bits of the call's data: half of a condition. */
struct test {
	uint32_t offset, mask, value;
};

static size_t tests_of(const struct call_rule *r, struct test tests[4])
{
	size_t n = 0;

	for (size_t i = 0; i < array_size(r->when); i++) {
		const struct call_cond *w = &r->when[i];
		uint32_t arg =
			(uint32_t)(offsetof(struct seccomp_data, args) + w->arg * 8);
		uint32_t low = (uint32_t)w->mask, high = (uint32_t)(w->mask >> 32);

		assert(w->arg < 6 && !(w->value & ~w->mask));
		if (low)
			tests[n++] =
				(struct test){arg + LOW_HALF, low, (uint32_t)w->value};
		if (high)
			tests[n++] = (struct test){arg + HIGH_HALF, high,
						   (uint32_t)(w->value >> 32)};
	}
	return n;
}

/* Code that returns the rule's action or goes on after it.  @loaded is the offset of what
 * the accumulator holds before and after, UINT32_MAX if that depends on the way taken. */
static void emit_rule(struct code *c, const struct call_rule *r, uint32_t *loaded)
{
	struct test tests[4];
	size_t n = tests_of(r, tests), jumps[4];

	for (size_t i = 0; i < n; i++) {
		if (*loaded != tests[i].offset)
			emit_load(c, tests[i].offset);
		*loaded = tests[i].offset;
		if (tests[i].mask != UINT32_MAX) {
			emit(c, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K,
							     tests[i].mask));
			*loaded = UINT32_MAX;
		}
		jumps[i] = emit(c, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
								tests[i].value, 0, 0));
	}
	if (n > 1)
		*loaded = UINT32_MAX;
	emit_return(c, r->action);
	for (size_t i = 0; i < n; i++)
		c->at[jumps[i]].jf = (uint8_t)(c->n - jumps[i] - 1);
}

static void emit_call(struct builder *b, uint32_t nr)
{
	uint32_t loaded = UINT32_MAX;

	for (size_t i = 0; i < b->n_rules; i++)
		if (b->rules[i].nr == (long)nr)
			emit_rule(&b->code, &b->rules[i], &loaded);
	emit_return(&b->code, b->otherwise);
}

/* ---- numbers ---- */

static bool is_plain(const struct call_rule *r)
{
	return !r->when[0].mask && !r->when[1].mask;
}

static int by_number(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

static void add_span(struct builder *b, struct span s)
{
	struct span *last = b->n_spans ? &b->spans[b->n_spans - 1] : NULL;

	if (last && last->plain && s.plain && last->action == s.action)
		return;
	b->spans[b->n_spans++] = s;
}

/* One span for each call, in order.  The first row of a call says whether it looks at
 * arguments at all. */
static struct span *find_calls(const struct builder *b, size_t *n)
{
	struct span *calls = xcalloc(b->n_rules + 1, sizeof(*calls));

	*n = 0;
	for (size_t i = 0; i < b->n_rules; i++) {
		const struct call_rule *r = &b->rules[i];
		size_t j;

		for (j = 0; j < *n && calls[j].from != (uint32_t)r->nr; j++)
			;
		if (r->nr >= 0 && j == *n)
			calls[(*n)++] =
				(struct span){(uint32_t)r->nr, is_plain(r), r->action};
	}
	qsort(calls, *n, sizeof(*calls), by_number);
	return calls;
}

static void cut_spans(struct builder *b)
{
	const struct span gap = {.plain = true, .action = b->otherwise};
	uint32_t next = 0; /* the number after the last call */
	size_t n;
	auto_free struct span *calls = find_calls(b, &n);

	b->spans = xcalloc(2 * n + 1, sizeof(*b->spans));
	for (size_t i = 0; i < n; i++) {
		if (calls[i].from > next)
			add_span(b, (struct span){next, gap.plain, gap.action});
		add_span(b, calls[i]);
		next = calls[i].from + 1;
	}
	add_span(b, (struct span){next, gap.plain, gap.action});
}

/* Code that finds the span of the accumulator's number among spans @from..@to-1. */
static void emit_tree(struct builder *b, size_t from, size_t to)
{
	struct code *c = &b->code;
	size_t middle = from + (to - from) / 2, jump, below;

	if (to - from == 1) {
		if (b->spans[from].plain)
			emit_return(c, b->spans[from].action);
		else
			emit_call(b, b->spans[from].from);
		return;
	}
	jump = emit(c, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K,
						    b->spans[middle].from, 0, 0));
	emit_tree(b, from, middle);
	below = c->n - jump - 1;
	if (below <= UINT8_MAX) {
		c->at[jump].jt = (uint8_t)below;
	} else {
		emit_return(c, 0); /* only to make room for one more */
		memmove(&c->at[jump + 2], &c->at[jump + 1], below * sizeof(*c->at));
		c->at[jump].jf = 1;
		c->at[jump + 1] =
			(struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, (uint32_t)below);
	}
	emit_tree(b, middle, to);
}

int filter_build(const struct call_rule *rules, size_t n, uint32_t default_action,
		 struct filter *out)
{
	struct builder b = {.rules = rules, .n_rules = n, .otherwise = default_action};

	cut_spans(&b);
	emit_load(&b.code, offsetof(struct seccomp_data, arch));
	emit(&b.code,
	     (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCH, 1, 0));
	emit_return(&b.code, default_action);
	emit_load(&b.code, offsetof(struct seccomp_data, nr));
	emit_tree(&b, 0, b.n_spans);
	free(b.spans);
	if (b.code.n > BPF_MAXINSNS) {
		free(b.code.at);
		return -E2BIG;
	}
	*out = (struct filter){.code = b.code.at, .n = b.code.n};
	return 0;
}

void filter_done(struct filter *f)
{
	free(f->code);
	*f = (struct filter){};
}

int filter_install(const struct filter *f, unsigned flags)
{
	struct sock_fprog program = {.len = (unsigned short)f->n, .filter = f->code};
	long got = syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);

	return got < 0 ? -errno : (int)got;
}
