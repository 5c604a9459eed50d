/* SPDX-License-Identifier: BSD-2-Clause
 *
 * sandbox - tests of what the engine may and may not do, in children that enter the sandbox.
 */
#include "main/sandbox.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/netlink.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

/* In a child, where cmocka's assertions would not end the right process: the line number of
 * the first thing that is not so is the sentence. */
#define MUST(fact) \
	do { \
		if (!(fact)) { \
			dprintf(STDERR_FILENO, "# sandbox.c:%d: %s (errno %d)\n", \
				__LINE__, #fact, errno); \
			_exit(1); \
		} \
	} while (0)

static void enter(void)
{
	static const int caps[] = {CAP_NET_ADMIN, CAP_SYS_PTRACE};
	struct extack why = {};
	int err = sandbox_engine(caps, array_size(caps), &why);

	if (err)
		dprintf(STDERR_FILENO, "# %s\n", why.msg);
	MUST(err == 0);
}

/* Run @fn in a child; gives how it ended. */
static int in_child(void (*fn)(void))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		fn();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void *thread_main(void *arg)
{
	char *memory = malloc(1 << 20); /* an arena of its own */

	MUST(memory);
	memset(memory, 1, 1 << 20);
	free(memory);
	return arg;
}

static void do_work(void)
{
	int pair[2], ep;
	struct epoll_event ev = {.events = EPOLLIN};
	pthread_t thread;
	void *result, *big;

	enter();
	for (int i = 0; i < 4; i++) {
		MUST(pthread_create(&thread, NULL, thread_main, &ep) == 0);
		MUST(pthread_join(thread, &result) == 0 && result == &ep);
	}
	big = mmap(NULL, 1 << 24, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		   0);
	MUST(big != MAP_FAILED && munmap(big, 1 << 24) == 0);
	MUST(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) == 0);
	ep = epoll_create1(EPOLL_CLOEXEC);
	MUST(ep >= 0 && epoll_ctl(ep, EPOLL_CTL_ADD, pair[0], &ev) == 0);
	MUST(send(pair[1], "x", 1, 0) == 1 && epoll_wait(ep, &ev, 1, 1000) == 1);
	MUST(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) >= 0);
	MUST(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0) >= 0);
	MUST(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC) >= 0);
	MUST(prctl(PR_SET_NAME, "worker") == 0);
}

static void the_engine_can_do_its_work(void **state)
{
	assert_int_equal(in_child(do_work), 0);
}

static void do_harm(void)
{
	char *const argv[] = {(char[]){"true"}, NULL};

	enter();
	MUST(socket(AF_INET, SOCK_STREAM, 0) == -1 && errno == ENOSYS);
	MUST(socket(AF_INET, SOCK_RAW, 1) == -1 && errno == ENOSYS);
	MUST(mount("none", "/no-such-folder", "tmpfs", 0, NULL) == -1 && errno == ENOSYS);
	MUST(unshare(CLONE_NEWUSER) == -1 && errno == ENOSYS);
	MUST(unlink("/tmp/no-such-file") == -1 && errno == ENOSYS);
	MUST(chdir("/") == -1 && errno == ENOSYS);
	MUST(ioctl(0, TIOCSTI, "x") == -1 && errno == EPERM);
	MUST(syscall(__NR_bpf, 0, NULL, 0) == -1 && errno == ENOSYS);
#ifndef SANITIZED
	MUST(open("/tmp", O_TMPFILE | O_RDWR | O_CREAT, 0600) == -1 && errno == ENOSYS);
	MUST(execv("/bin/true", argv) == -1 && errno == ENOSYS);
	MUST(fork() == -1 && errno == ENOSYS);
	MUST(kill(getppid(), SIGCONT) == -1 && errno == ENOSYS);
	MUST(kill(getppid(), 0) == 0);
	MUST(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		  0) == MAP_FAILED);
	MUST(prctl(PR_SET_DUMPABLE, 1) == -1 && errno == ENOSYS);
#else
	(void)argv;
#endif
}

static void a_hijacked_engine_finds_nothing_to_use(void **state)
{
	assert_int_equal(in_child(do_harm), 0);
}

static void look_at_capabilities(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];
	const uint32_t may = 1u << CAP_NET_ADMIN | 1u << CAP_SYS_PTRACE;

	enter();
	MUST(syscall(__NR_capget, &head, data) == 0);
	MUST(!(data[0].permitted & ~may) && !data[1].permitted);
	MUST(data[0].effective == data[0].permitted && !data[0].inheritable);
	MUST(geteuid() != 0 || data[0].permitted); /* and root keeps what it asked to */
}

static void only_the_named_capabilities_stay(void **state)
{
	assert_int_equal(in_child(look_at_capabilities), 0);
}

static void open_sandbox(void)
{
	MUST(setenv("WIREYARD_SANDBOX", "off", 1) == 0);
	enter();
	MUST(chdir("/") == 0);
}

static void telling_sandbox(void)
{
	MUST(setenv("WIREYARD_SANDBOX", "log", 1) == 0);
	MUST(dup2(open("/dev/null", O_WRONLY), STDERR_FILENO) == STDERR_FILENO);
	enter();
	for (int i = 0; i < 3; i++)
		MUST(chdir("/") == -1 && errno == ENOSYS);
}

static void deadly_sandbox(void)
{
	MUST(setenv("WIREYARD_SANDBOX", "kill", 1) == 0);
	enter();
	MUST(chdir("/") == 0);
}

static void the_environment_chooses_what_becomes_of_other_calls(void **state)
{
	int status;

	assert_int_equal(in_child(open_sandbox), 0);
	assert_int_equal(in_child(telling_sandbox), 0);
	status = in_child(deadly_sandbox);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_engine_can_do_its_work),
		cmocka_unit_test(a_hijacked_engine_finds_nothing_to_use),
		cmocka_unit_test(only_the_named_capabilities_stay),
		cmocka_unit_test(the_environment_chooses_what_becomes_of_other_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
