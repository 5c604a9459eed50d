/* SPDX-License-Identifier: BSD-2-Clause
 *
 * sandbox - capabilities and system calls of the engine.
 *
 * The list is of what the engine, libev, liburcu and the C library call; in sanitizer builds
 * also of what the sanitizers do to print and to look for leaks.  Calls that could be turned
 * against the host have conditions.
 */
#include "main/sandbox.h"

#include "base/log.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/netlink.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <ucontext.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

/* Calls that newer architectures never had. */
#ifndef __NR_access
#define __NR_access -1
#endif
#ifndef __NR_dup2
#define __NR_dup2 -1
#endif
#ifndef __NR_epoll_wait
#define __NR_epoll_wait -1
#endif
#ifndef __NR_getdents
#define __NR_getdents -1
#endif
#ifndef __NR_fork
#define __NR_fork -1
#endif
#ifndef __NR_newfstatat
#define __NR_newfstatat -1
#endif
#ifndef __NR_open
#define __NR_open -1
#endif
#ifndef __NR_poll
#define __NR_poll -1
#endif
#ifndef __NR_readlink
#define __NR_readlink -1
#endif
#ifndef __NR_stat
#define __NR_stat -1
#endif
#ifndef __NR_lstat
#define __NR_lstat -1
#endif
#ifndef __NR_vfork
#define __NR_vfork -1
#endif
#ifndef __NR_arch_prctl
#define __NR_arch_prctl -1
#endif
#ifndef __NR_renameat
#define __NR_renameat -1
#endif

#define PERMIT SECCOMP_RET_ALLOW
#define REFUSE (SECCOMP_RET_ERRNO | EPERM)
#define LACK   (SECCOMP_RET_ERRNO | ENOSYS)
#define OK(name) \
	{ \
		CALL(name), PERMIT \
	}

static const struct call_rule engine_calls[] = {
	/* memory, but none that could be executed */
	OK(brk),
	OK(madvise),
	{CALL(mmap), PERMIT, {ARG_BITS(2, PROT_EXEC, 0)}},
	{CALL(mprotect), PERMIT, {ARG_BITS(2, PROT_EXEC, 0)}},
	OK(mremap),
	OK(munmap),
	OK(memfd_create),
	OK(membarrier),
	OK(mlock),
	OK(munlock),

	/* threads, but no processes.  clone3 has its flags in memory, where a filter cannot
	 * see them; without it the C library uses clone. */
	{CALL(clone), PERMIT, {ARG_BITS(0, CLONE_THREAD, CLONE_THREAD)}},
	{CALL(clone3), LACK},
	OK(exit),
	OK(exit_group),
	OK(futex),
	OK(getcpu),
	OK(getpid),
	OK(getppid),
	OK(gettid),
	OK(rseq),
	OK(sched_getaffinity),
	OK(sched_setaffinity),
	OK(sched_getparam),
	OK(sched_getscheduler),
	OK(sched_setscheduler),
	OK(sched_yield),
	OK(set_robust_list),
	{CALL(prctl), PERMIT, {ARG_INT(0, PR_SET_NAME)}},
	{CALL(prctl), PERMIT, {ARG_INT(0, PR_GET_NAME)}},
	{CALL(prctl), PERMIT, {ARG_INT(0, PR_SET_TIMERSLACK)}},
	{CALL(prlimit64), PERMIT, {ARG_INT(0, 0)}},

	/* signals, to itself */
	OK(rt_sigaction),
	OK(rt_sigpending),
	OK(rt_sigprocmask),
	OK(rt_sigreturn),
	OK(rt_sigtimedwait),
	OK(sigaltstack),
	OK(signalfd4),
	OK(tgkill),
	{CALL(kill), PERMIT, {ARG_INT(1, 0)}}, /* is it there? */

	/* time */
	OK(clock_getres),
	OK(clock_gettime),
	OK(clock_nanosleep),
	OK(gettimeofday),
	OK(nanosleep),
	OK(restart_syscall),
	OK(timerfd_create),
	OK(timerfd_gettime),
	OK(timerfd_settime),

	/* waiting */
	OK(epoll_create1),
	OK(epoll_ctl),
	OK(epoll_pwait),
	OK(epoll_pwait2),
	OK(epoll_wait),
	OK(eventfd2),
	OK(inotify_add_watch),
	OK(inotify_init1),
	OK(inotify_rm_watch),
	OK(poll),
	OK(ppoll),
	OK(pselect6),

	/* files that are there */
	OK(access),
	OK(faccessat),
	OK(faccessat2),
	OK(fcntl),
	OK(fstat),
	OK(fstatfs),
	OK(getdents64),
	OK(lseek),
	OK(lstat),
	OK(newfstatat),
	{CALL(open), PERMIT, {ARG_BITS(1, O_CREAT | O_TRUNC, 0)}},
	{CALL(openat), PERMIT, {ARG_BITS(2, O_CREAT | O_TRUNC, 0)}},
	OK(readlink),
	OK(readlinkat),
	OK(stat),
	OK(statfs),
	OK(statx),

	/* descriptors; an ioctl may not type on the user's terminal */
	OK(close),
	OK(close_range),
	OK(dup),
	OK(dup2),
	OK(dup3),
	{CALL(ioctl), REFUSE, {ARG_INT(1, TIOCSTI)}},
	{CALL(ioctl), REFUSE, {ARG_INT(1, TIOCLINUX)}},
	OK(ioctl),
	OK(pipe2),
	OK(pread64),
	OK(preadv),
	OK(pwrite64),
	OK(pwritev),
	OK(read),
	OK(readv),
	OK(write),
	OK(writev),

	/* sockets; of the Internet's only those whose ioctls tell about devices */
	{CALL(socket), PERMIT, {ARG_INT(0, AF_UNIX)}},
	{CALL(socket), PERMIT, {ARG_INT(0, AF_NETLINK)}},
	{CALL(socket), PERMIT, {ARG_INT(0, AF_PACKET)}},
	{CALL(socket), PERMIT, {ARG_INT(0, AF_INET), ARG_BITS(1, 0xf, SOCK_DGRAM)}},
	{CALL(socket), PERMIT, {ARG_INT(0, AF_INET6), ARG_BITS(1, 0xf, SOCK_DGRAM)}},
	OK(accept4),
	OK(bind),
	OK(connect),
	OK(getpeername),
	OK(getsockname),
	OK(getsockopt),
	OK(listen),
	OK(recvfrom),
	OK(recvmmsg),
	OK(recvmsg),
	OK(sendmmsg),
	OK(sendmsg),
	OK(sendto),
	OK(setsockopt),
	OK(shutdown),
	OK(socketpair),

	/* the yard: its namespaces, and its programs as far as the gate looks into them */
	{CALL(setns), PERMIT, {ARG_INT(1, CLONE_NEWNET)}},
	{CALL(unshare), PERMIT, {ARG_INT(0, CLONE_NEWNET)}},
	OK(capget),
	OK(kcmp),
	OK(pidfd_getfd),
	OK(pidfd_open),
	OK(process_vm_readv),
	OK(process_vm_writev),
	{CALL(seccomp), PERMIT, {ARG_INT(0, SECCOMP_GET_NOTIF_SIZES)}},

	OK(getegid),
	OK(geteuid),
	OK(getgid),
	OK(getrandom),
	OK(getrusage),
	OK(getuid),
	OK(sysinfo),
	OK(uname),

#ifdef SANITIZED
	/* A report is made by a program that knows symbols, leaks are sought by a thread that
	 * stops all others. */
	OK(arch_prctl),
	OK(clone),
	OK(execve),
	OK(fork),
	OK(getdents),
	OK(kill),
	OK(mmap),
	OK(mprotect),
	OK(open),
	OK(openat),
	OK(personality),
	OK(prctl),
	OK(prlimit64),
	OK(ptrace),
	OK(renameat),
	OK(set_tid_address),
	OK(vfork),
	OK(wait4),
#endif
};

int sandbox_program(uint32_t refuse, struct filter *out)
{
	return filter_build(engine_calls, array_size(engine_calls), refuse, out);
}

/* ---- telling what was refused ---- */

static void on_refused(int signal, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	int saved = errno;

	log_warn("sandbox", "", "system call %d is not on the engine's list, refused",
		 info->si_syscall);
#if defined(__x86_64__)
	uc->uc_mcontext.gregs[REG_RAX] = -ENOSYS;
#elif defined(__aarch64__)
	uc->uc_mcontext.regs[0] = (unsigned long)-ENOSYS;
#elif defined(__riscv)
	uc->uc_mcontext.__gregs[10] = (unsigned long)-ENOSYS;
#endif
	errno = saved;
}

/* The action for what is not on the list; false: there is to be no list. */
static bool refusal(uint32_t *action)
{
	const char *wanted = getenv("WIREYARD_SANDBOX");
	struct sigaction report = {.sa_sigaction = on_refused,
				   .sa_flags = SA_SIGINFO | SA_NODEFER};

	*action = LACK;
	if (!wanted)
		return true;
	if (!strcmp(wanted, "off"))
		return false;
	if (!strcmp(wanted, "kill"))
		*action = SECCOMP_RET_KILL_PROCESS;
	if (!strcmp(wanted, "log") && sigaction(SIGSYS, &report, NULL) == 0)
		*action = SECCOMP_RET_TRAP;
	return true;
}

/* ---- capabilities ---- */

static int keep_capabilities(const int *caps, size_t n, struct extack *why)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2], keep[2] = {};

	if (syscall(__NR_capget, &head, data) < 0)
		return extack_set(why, -errno,
				  "the engine's capabilities cannot be read: %m");
	for (size_t i = 0; i < n; i++)
		keep[caps[i] / 32].permitted |= 1u << caps[i] % 32;
	/* What is to be dropped from the bounding set needs CAP_SETPCAP, which goes last. */
	for (int cap = 0; cap <= CAP_LAST_CAP; cap++)
		if (!(keep[cap / 32].permitted & 1u << cap % 32))
			prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	for (int i = 0; i < 2; i++) {
		data[i].permitted &= keep[i].permitted;
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0;
	}
	if (syscall(__NR_capset, &head, data) < 0)
		return extack_set(why, -errno,
				  "the engine's capabilities cannot be dropped: %m");
	return 0;
}

int sandbox_engine(const int *caps, size_t n, struct extack *why)
{
	uint32_t action;
	struct filter f;
	int err = keep_capabilities(caps, n, why);

	if (err || !refusal(&action))
		return err;
	err = sandbox_program(action, &f);
	if (err)
		return extack_set(why, err,
				  "the engine's list of system calls is too long");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		err = -errno;
	if (!err)
		err = filter_install(&f, 0);
	filter_done(&f);
	if (err)
		return extack_set(why, err,
				  "the kernel does not take the engine's list of system "
				  "calls (%s): a kernel with seccomp filters has it",
				  strerror(-err));
	return 0;
}
