/* SPDX-License-Identifier: BSD-2-Clause
 *
 * calls - the table of calls that reach the engine instead of the kernel, and installing it.
 *
 * A call is here when the kernel could not answer it as a program of the yard expects.  The
 * sockets that stand for rtnetlink sockets are Unix sockets, and the descriptors that stand
 * for taps are too, so every call that would notice is trapped: by what its arguments can
 * tell, since a filter sees no memory and knows no descriptors.  What turns out to be somebody
 * else's is sent on to the kernel by the engine.
 */
#include "gate/filter.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/netlink.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#define NOTIFY	SECCOMP_RET_USER_NOTIF
#define SUCCEED SECCOMP_RET_ERRNO /* with errno 0: do nothing, return 0 */
#define ALLOW	SECCOMP_RET_ALLOW

/* The command is an unsigned int to the kernel, whatever the upper half says. */
#define IOCTL(cmd) \
	{ \
		CALL(ioctl), NOTIFY, \
		{ \
			ARG_INT(1, cmd) \
		} \
	}

/* Calls that newer architectures never had. */
#ifndef __NR_open
#define __NR_open -1
#endif
#ifndef __NR_chown
#define __NR_chown -1
#endif
#ifndef __NR_lchown
#define __NR_lchown -1
#endif

static const struct call_rule gate_calls[] = {
	/* The type is left open: SOCK_RAW and SOCK_DGRAM mean the same, and flags come along. */
	{CALL(socket), NOTIFY, {ARG_INT(0, AF_NETLINK), ARG_INT(2, NETLINK_ROUTE)}},
	/* Only heard of: see host/listen.c. */
	{CALL(socket), NOTIFY, {ARG_INT(0, AF_PACKET)}},
	/* The only address of 12 bytes that programs use is a struct sockaddr_nl. */
	{CALL(bind), NOTIFY, {ARG_INT(2, sizeof(struct sockaddr_nl))}},
	{CALL(connect), NOTIFY, {ARG_INT(2, sizeof(struct sockaddr_nl))}},
	{CALL(setsockopt), NOTIFY, {ARG_INT(1, SOL_NETLINK)}},
	{CALL(getsockopt), NOTIFY, {ARG_INT(1, SOL_NETLINK)}},
	{CALL(getsockname), NOTIFY},

	/* /dev/tapN is opened so, and few files that are opened often. */
	{CALL(openat), NOTIFY, {ARG_BITS(2, O_ACCMODE, O_RDWR)}},
	{CALL(open), NOTIFY, {ARG_BITS(1, O_ACCMODE, O_RDWR)}},

	IOCTL(TUNSETIFF),
	IOCTL(TUNGETIFF),
	IOCTL(TUNSETPERSIST),
	IOCTL(TUNSETOWNER),
	IOCTL(TUNSETGROUP),
	IOCTL(TUNSETOFFLOAD),
	IOCTL(TUNGETFEATURES),
	IOCTL(TUNGETVNETHDRSZ),
	IOCTL(TUNSETVNETHDRSZ),
	IOCTL(TUNGETSNDBUF),
	IOCTL(TUNSETSNDBUF),
	IOCTL(TUNGETVNETLE),
	IOCTL(TUNSETVNETLE),
	IOCTL(TUNGETVNETBE),
	IOCTL(TUNSETVNETBE),
	IOCTL(TUNSETLINK),
	IOCTL(TUNSETDEBUG),
	IOCTL(TUNSETNOCSUM),
	IOCTL(TUNSETQUEUE),
	IOCTL(TUNSETIFINDEX),
	IOCTL(TUNSETCARRIER),
	IOCTL(TUNGETDEVNETNS),
	IOCTL(TUNSETTXFILTER),
	IOCTL(TUNATTACHFILTER),
	IOCTL(TUNDETACHFILTER),
	IOCTL(TUNGETFILTER),
	IOCTL(TUNSETSTEERINGEBPF),
	IOCTL(TUNSETFILTEREBPF),
	/* On files of macvtaps, where a name does not matter. */
	IOCTL(SIOCGIFHWADDR),
	IOCTL(SIOCSIFHWADDR),
	/* Also on the netlink sockets: it must tell the namespace they stand for. */
	IOCTL(SIOCGSKNS),

	IOCTL(SIOCBRADDBR),
	IOCTL(SIOCBRDELBR),
	IOCTL(SIOCBRADDIF),
	IOCTL(SIOCBRDELIF),
	IOCTL(SIOCGIFBR),
	IOCTL(SIOCSIFBR),
	IOCTL(SIOCDEVPRIVATE),
};

/* Giving a file to somebody who does not exist succeeds and does nothing; what names only
 * root or nobody at all is the kernel's.  @arg is the position of the uid. */
/* clang-format off */
#define OWNER(call, arg) \
	{CALL(call), ALLOW, {ARG_INT(arg, 0), ARG_INT((arg) + 1, 0)}}, \
	{CALL(call), ALLOW, {ARG_INT(arg, 0), ARG_INT((arg) + 1, -1)}}, \
	{CALL(call), ALLOW, {ARG_INT(arg, -1), ARG_INT((arg) + 1, 0)}}, \
	{CALL(call), ALLOW, {ARG_INT(arg, -1), ARG_INT((arg) + 1, -1)}}, \
	{CALL(call), SUCCEED}
/* clang-format on */

/* Where there is one user.  setfsuid and setfsgid are not here: they report the old id, and
 * cannot fail. */
static const struct call_rule one_user_calls[] = {
	{CALL(setuid), SUCCEED},    {CALL(setgid), SUCCEED},
	{CALL(setreuid), SUCCEED},  {CALL(setregid), SUCCEED},
	{CALL(setresuid), SUCCEED}, {CALL(setresgid), SUCCEED},
	{CALL(setgroups), SUCCEED}, OWNER(chown, 1),
	OWNER(lchown, 1),	    OWNER(fchown, 1),
	OWNER(fchownat, 2),
};

int gate_filter_program(bool single_uid, struct filter *out)
{
	struct call_rule rules[array_size(gate_calls) + array_size(one_user_calls)];
	size_t n = array_size(gate_calls);

	memcpy(rules, gate_calls, sizeof(gate_calls));
	if (single_uid) {
		memcpy(rules + n, one_user_calls, sizeof(one_user_calls));
		n += array_size(one_user_calls);
	}
	return filter_build(rules, n, SECCOMP_RET_ALLOW, out);
}

int gate_filter_install(bool single_uid)
{
	const unsigned listen = SECCOMP_FILTER_FLAG_NEW_LISTENER;
	/* A signal that does not kill must not interrupt a call that the engine has begun to
	 * serve.  Kernels before 5.19 do not know the flag. */
	unsigned flags = listen | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	struct filter f;
	int fd = gate_filter_program(single_uid, &f);

	if (fd < 0)
		return fd;
	fd = filter_install(&f, flags);
	if (fd == -EINVAL) {
		flags = listen;
		fd = filter_install(&f, flags);
	}
	if (fd == -EACCES && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
		fd = filter_install(&f, flags);
	filter_done(&f);
	return fd;
}
