/* SPDX-License-Identifier: BSD-2-Clause
 *
 * filter - tests of seccomp filters, run by an interpreter of classic BPF rather than by the
 * kernel: a verdict can be asked for any call of any architecture, and its cost counted.
 */
#include "gate/filter.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/if_tun.h>
#include <linux/netlink.h>
#include <linux/sockios.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <cmocka.h>

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE AUDIT_ARCH_AARCH64
#else
#define NATIVE AUDIT_ARCH_RISCV64
#endif

#define ALLOW	SECCOMP_RET_ALLOW
#define NOTIFY	SECCOMP_RET_USER_NOTIF
#define SUCCEED SECCOMP_RET_ERRNO

/* What the program says to @d.  Fails the test if it leaves the program or reads beyond the
 * data, as the kernel's verifier would.  *steps counts instructions. */
static uint32_t verdict(const struct filter *f, const struct seccomp_data *d,
			size_t *steps)
{
	uint32_t a = 0;

	for (size_t pc = 0; pc < f->n; pc++) {
		const struct sock_filter *op = &f->code[pc];
		bool yes = false;

		if (steps)
			++*steps;
		switch (op->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			assert_true(op->k % 4 == 0 && op->k + 4 <= sizeof(*d));
			memcpy(&a, (const char *)d + op->k, 4);
			continue;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= op->k;
			continue;
		case BPF_JMP | BPF_JA:
			pc += op->k;
			continue;
		case BPF_JMP | BPF_JEQ | BPF_K:
			yes = a == op->k;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			yes = a >= op->k;
			break;
		case BPF_RET | BPF_K:
			return op->k;
		default:
			fail_msg("instruction %#x", op->code);
		}
		pc += yes ? op->jt : op->jf;
	}
	fail_msg("the program has no end");
	return 0;
}

/* What the table says, read as its header explains it. */
static uint32_t meaning(const struct call_rule *rules, size_t n, uint32_t otherwise,
			const struct seccomp_data *d)
{
	if (d->arch != NATIVE)
		return otherwise;
	for (size_t i = 0; i < n; i++) {
		bool fits = rules[i].nr >= 0 && rules[i].nr == d->nr;

		for (size_t j = 0; j < array_size(rules[i].when); j++) {
			const struct call_cond *w = &rules[i].when[j];

			fits = fits && (d->args[w->arg] & w->mask) == w->value;
		}
		if (fits)
			return rules[i].action;
	}
	return otherwise;
}

#define ANY  0x5a5a5a5a00000007 /* an argument that nothing asks for */
#define HIGH 0xdeadbeef00000000 /* rubbish above an int */

static const struct {
	uint32_t arch;
	int nr;
	uint64_t args[3];
	uint32_t verdict;
} gate_cases[] = {
	{NATIVE, __NR_socket, {AF_NETLINK, SOCK_RAW, NETLINK_ROUTE}, NOTIFY},
	{NATIVE,
	 __NR_socket,
	 {AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_ROUTE},
	 NOTIFY},
	{NATIVE, __NR_socket, {HIGH | AF_NETLINK, ANY, HIGH | NETLINK_ROUTE}, NOTIFY},
	{NATIVE, __NR_socket, {AF_NETLINK, SOCK_RAW, NETLINK_GENERIC}, ALLOW},
	{NATIVE, __NR_socket, {AF_PACKET, SOCK_RAW, ANY}, NOTIFY},
	{NATIVE, __NR_socket, {AF_INET, SOCK_DGRAM, 0}, ALLOW},
	{NATIVE, __NR_socket, {AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT}, ALLOW},
	{NATIVE, __NR_socket, {AF_INET, SOCK_STREAM, 0}, ALLOW},
	{NATIVE, __NR_socket, {AF_UNIX, SOCK_STREAM, 0}, ALLOW},
	{NATIVE, __NR_bind, {3, ANY, 12}, NOTIFY},
	{NATIVE, __NR_bind, {3, ANY, HIGH | 12}, NOTIFY},
	{NATIVE, __NR_bind, {3, ANY, 16}, ALLOW},
	{NATIVE, __NR_bind, {12, 12, 28}, ALLOW},
	{NATIVE, __NR_connect, {3, ANY, 12}, NOTIFY},
	{NATIVE, __NR_connect, {3, ANY, 110}, ALLOW},
	{NATIVE, __NR_setsockopt, {3, SOL_NETLINK, ANY}, NOTIFY},
	{NATIVE, __NR_setsockopt, {3, SOL_SOCKET, SO_RCVBUF}, ALLOW},
	{NATIVE, __NR_getsockopt, {3, SOL_NETLINK, ANY}, NOTIFY},
	{NATIVE, __NR_getsockopt, {SOL_NETLINK, SOL_SOCKET, SO_ERROR}, ALLOW},
	{NATIVE, __NR_getsockname, {ANY, ANY, ANY}, NOTIFY},
	{NATIVE, __NR_getpeername, {ANY, ANY, ANY}, ALLOW},
	{NATIVE, __NR_ioctl, {4, TUNSETIFF, ANY}, NOTIFY},
	{NATIVE, __NR_ioctl, {4, HIGH | TUNSETIFF, ANY}, NOTIFY},
	{NATIVE, __NR_ioctl, {4, 0xffffffff00000000 | (uint32_t)TUNGETIFF, ANY}, NOTIFY},
	{NATIVE, __NR_ioctl, {4, TUNSETPERSIST, 1}, NOTIFY},
	{NATIVE, __NR_ioctl, {4, TUNGETDEVNETNS, 0}, NOTIFY},
	{NATIVE, __NR_ioctl, {4, TUNSETNOCSUM, 0}, NOTIFY},
	{NATIVE, __NR_ioctl, {4, SIOCGSKNS, 0}, NOTIFY},
	{NATIVE, __NR_ioctl, {TUNSETIFF, TIOCGWINSZ, TUNSETIFF}, ALLOW},
	{NATIVE, __NR_ioctl, {4, FIONREAD, ANY}, ALLOW},
	{NATIVE, __NR_ioctl, {4, SIOCGIFCONF, ANY}, ALLOW},
	{NATIVE, __NR_read, {ANY, ANY, 12}, ALLOW},
	{NATIVE, __NR_sendmsg, {ANY, ANY, 12}, ALLOW},
	{NATIVE, __NR_recvmsg, {ANY, ANY, 12}, ALLOW},
	{NATIVE, __NR_openat, {ANY, ANY, O_RDWR}, NOTIFY},
	{NATIVE, __NR_openat, {ANY, ANY, O_RDWR | O_NONBLOCK | O_CLOEXEC}, NOTIFY},
	{NATIVE, __NR_openat, {ANY, ANY, HIGH | O_RDWR}, NOTIFY},
	{NATIVE, __NR_openat, {O_RDWR, O_RDWR, O_RDONLY}, ALLOW},
	{NATIVE, __NR_openat, {ANY, ANY, O_WRONLY | O_CREAT}, ALLOW},
	{NATIVE, __NR_ioctl, {4, SIOCGIFHWADDR, ANY}, NOTIFY},
	{NATIVE, __NR_ioctl, {4, SIOCSIFHWADDR, ANY}, NOTIFY},
	{NATIVE, 0, {}, ALLOW},
	{NATIVE, -1, {AF_NETLINK, SOCK_RAW, NETLINK_ROUTE}, ALLOW},
#ifdef __x86_64__
	/* i386's numbers mean other calls; x32's are not ours either. */
	{AUDIT_ARCH_I386, __NR_getsockname, {ANY, ANY, ANY}, ALLOW},
	{AUDIT_ARCH_I386, 359, {AF_NETLINK, SOCK_RAW, NETLINK_ROUTE}, ALLOW},
	{NATIVE, 0x40000000 | __NR_getsockname, {ANY, ANY, ANY}, ALLOW},
#endif
};

static void the_gate_traps_what_its_header_says_and_nothing_else(void **state)
{
	for (int single = 0; single < 2; single++) {
		struct filter f;

		assert_int_equal(gate_filter_program(single, &f), 0);
		for (size_t i = 0; i < array_size(gate_cases); i++) {
			struct seccomp_data d = {.arch = gate_cases[i].arch,
						 .nr = gate_cases[i].nr};

			memset(d.args, 0x5a, sizeof(d.args));
			memcpy(d.args, gate_cases[i].args, sizeof(gate_cases[i].args));
			assert_int_equal(verdict(&f, &d, NULL), gate_cases[i].verdict);
		}
		filter_done(&f);
	}
}

static void dropping_privileges_succeeds_only_where_there_is_one_uid(void **state)
{
	static const int calls[] = {__NR_setuid,    __NR_setgid,    __NR_setreuid,
				    __NR_setregid,  __NR_setresuid, __NR_setresgid,
				    __NR_setgroups, __NR_setfsuid,  __NR_capset};

	for (int single = 0; single < 2; single++) {
		struct filter f;

		assert_int_equal(gate_filter_program(single, &f), 0);
		for (size_t i = 0; i < array_size(calls); i++) {
			struct seccomp_data d = {.arch = NATIVE, .nr = calls[i]};

			assert_int_equal(verdict(&f, &d, NULL),
					 single && i < 7 ? SUCCEED : ALLOW);
		}
		filter_done(&f);
	}
}

static void files_can_be_given_to_somebody_who_does_not_exist(void **state)
{
	static const struct {
		uint64_t uid, gid;
		uint32_t verdict;
	} cases[] = {
		{0, 0, ALLOW},
		{UINT32_MAX, 0, ALLOW},
		{0, UINT64_MAX, ALLOW},
		{HIGH, HIGH, ALLOW},
		{UINT64_MAX, UINT64_MAX, ALLOW},
		{103, 110, SUCCEED},
		{103, 0, SUCCEED},
		{0, 110, SUCCEED},
		{65534, UINT64_MAX, SUCCEED},
	};

	for (int single = 0; single < 2; single++) {
		struct filter f;

		assert_int_equal(gate_filter_program(single, &f), 0);
		for (size_t i = 0; i < array_size(cases); i++) {
			struct seccomp_data d = {.arch = NATIVE,
						 .nr = __NR_fchown,
						 .args = {3, cases[i].uid, cases[i].gid}};
			struct seccomp_data at = {
				.arch = NATIVE,
				.nr = __NR_fchownat,
				.args = {3, ANY, cases[i].uid, cases[i].gid, 0}};
			uint32_t wanted = single ? cases[i].verdict : ALLOW;

			assert_int_equal(verdict(&f, &d, NULL), wanted);
			assert_int_equal(verdict(&f, &at, NULL), wanted);
		}
		filter_done(&f);
	}
}

static bool looks_at_arguments(int nr)
{
	switch (nr) {
	case __NR_ioctl:
	case __NR_fchown:
	case __NR_fchownat:
#ifdef __NR_chown
	case __NR_chown:
	case __NR_lchown:
#endif
		return true;
	default:
		return false;
	}
}

static void a_call_that_is_not_in_the_table_costs_few_instructions(void **state)
{
	struct filter f;
	size_t worst = 0;

	assert_int_equal(gate_filter_program(true, &f), 0);
	assert_true(f.n < 256);
	for (int nr = 0; nr < 600; nr++) {
		struct seccomp_data d = {.arch = NATIVE, .nr = nr};
		size_t steps = 0;

		if (verdict(&f, &d, &steps) == ALLOW && !looks_at_arguments(nr))
			worst = max(worst, steps);
	}
	assert_in_range(worst, 4, 13);
	filter_done(&f);
}

/* A table of @n rows over few numbers and few values, so that rows meet each other. */
static void random_rules(struct call_rule *rules, size_t n, unsigned numbers)
{
	static const uint64_t masks[] = {0,	      0,    UINT32_MAX,	  UINT64_MAX,
					 ~0ull << 32, 0xf0, 0xf0000000f0, 0};
	static const uint32_t actions[] = {ALLOW, NOTIFY, SUCCEED | EPERM};

	for (size_t i = 0; i < n; i++) {
		rules[i] = (struct call_rule){.nr = rand() % (int)numbers,
					      .action = actions[rand() % 3]};
		if (rand() % 8 == 0)
			rules[i].nr = -1;
		for (size_t j = 0; j < array_size(rules[i].when); j++) {
			struct call_cond *w = &rules[i].when[j];

			w->arg = (unsigned)rand() % 3;
			w->mask = masks[(unsigned)rand() % array_size(masks)];
			w->value = (uint64_t)(rand() % 2 ? 0x1000000010 : 0x20) & w->mask;
		}
	}
}

static void any_table_means_what_its_rows_say(void **state)
{
	static const unsigned sizes[] = {0, 1, 2, 5, 20, 100, 300};
	static const uint64_t values[] = {0, 0x10, 0x20, 0x1000000010, 0x1000000020};
	struct call_rule rules[300];

	srand(20240229);
	for (int round = 0; round < 400; round++) {
		size_t n = sizes[(size_t)round % array_size(sizes)];
		unsigned numbers = round % 2 ? 10 : 400;
		uint32_t otherwise = round % 3 ? ALLOW : SUCCEED | ENOSYS;
		struct filter f;

		random_rules(rules, n, numbers);
		assert_int_equal(filter_build(rules, n, otherwise, &f), 0);
		for (int i = 0; i < 2000; i++) {
			struct seccomp_data d = {.arch = i % 50 ? NATIVE : NATIVE ^ 1,
						 .nr = rand() % (int)numbers};

			if (n && i % 2) /* a number that a row has */
				d.nr = (int)rules[(size_t)rand() % n].nr;
			for (int j = 0; j < 3; j++)
				d.args[j] = values[(unsigned)rand() % array_size(values)];
			assert_int_equal(verdict(&f, &d, NULL),
					 meaning(rules, n, otherwise, &d));
		}
		filter_done(&f);
	}
}

static void a_program_that_the_kernel_would_not_take_is_refused(void **state)
{
	struct call_rule *rules = calloc(3000, sizeof(*rules));
	struct filter f = {};

	assert_non_null(rules);
	for (int i = 0; i < 3000; i++)
		rules[i] = (struct call_rule){i % 7, NOTIFY, {ARG_INT(0, i)}};
	assert_int_equal(filter_build(rules, 3000, ALLOW, &f), -E2BIG);
	assert_null(f.code);
	free(rules);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_gate_traps_what_its_header_says_and_nothing_else),
		cmocka_unit_test(
			dropping_privileges_succeeds_only_where_there_is_one_uid),
		cmocka_unit_test(files_can_be_given_to_somebody_who_does_not_exist),
		cmocka_unit_test(a_call_that_is_not_in_the_table_costs_few_instructions),
		cmocka_unit_test(any_table_means_what_its_rows_say),
		cmocka_unit_test(a_program_that_the_kernel_would_not_take_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
