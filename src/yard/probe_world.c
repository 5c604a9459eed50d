/* SPDX-License-Identifier: BSD-2-Clause
 *
 * probe_world - tries mounts, taps, the gate's mechanism, the kernel's veth and shortcuts.
 */
#include "yard/probe_world.h"

#include "base/fd.h"
#include "gate/filter.h"
#include "yard/mounts.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_mirred.h>
#include <net/if.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define UNMASK \
	"start the container with nothing masked (docker: --security-opt " \
	"systempaths=unconfined; podman: --security-opt unmask=ALL)"

/* ---- mounts ---- */

static void probe_mounts(struct probes *p)
{
	bool has_names = !access("/run/netns", F_OK);
	int err = mounts_detach(NULL);

	if (err)
		probe_note_missing(p, "mounts", "allow mounts in user namespaces",
				   "mounts cannot be made private (%s)", strerror(-err));
	err = mounts_proc(NULL);
	if (err)
		probe_note_missing(p, "/proc", UNMASK, "a new one cannot be mounted (%s)",
				   strerror(-err));
	else
		probe_note(p, PROBE_OK, "/proc", "a new one can be mounted");
	err = mounts_netns_names(NULL);
	if (err)
		probe_note_missing(p, "/run/netns",
				   "make the directory as root: mkdir -p /run/netns",
				   "it cannot be made private to a yard (%s)",
				   strerror(-err));
	else
		probe_note(p, PROBE_OK, "/run/netns",
			   has_names ? "exists and can be covered"
				     : "does not exist; a yard's /run is built anew");
	err = mounts_sys(NULL);
	if (err == -EROFS)
		probe_note(
			p, PROBE_INFO, "/sys",
			"is read-only, so a yard shows the host's devices in /sys/class/net");
	else if (err)
		probe_note_missing(p, "/sys", UNMASK, "a new one cannot be mounted (%s)",
				   strerror(-err));
	else
		probe_note(p, PROBE_OK, "/sys", "a new one can be mounted");
}

/* ---- taps ---- */

static void explain_tun(struct probes *p, int err)
{
	static const char name[] = "/dev/net/tun";

	if (err == -ENOENT)
		probe_note_missing(
			p, name,
			"as root: modprobe tun; in a container pass the device in (docker: "
			"--device /dev/net/tun)",
			"it does not exist");
	else if (err == -ENODEV || err == -ENXIO)
		probe_note_missing(p, name, "as root: modprobe tun",
				   "the kernel's tun driver is not there (%s)",
				   strerror(-err));
	else
		probe_note_missing(
			p, name,
			"as root: chmod 0666 /dev/net/tun (it gives nobody rights on the "
			"host's network); in a container pass the device in",
			"it cannot be opened for writing (%s)", strerror(-err));
}

static void probe_tun(struct probes *p)
{
	auto_close int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	struct ifreq request = {.ifr_name = "probe0",
				.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR};

	if (fd < 0)
		explain_tun(p, -errno);
	else if (ioctl(fd, TUNSETIFF, &request))
		probe_note_missing(
			p, "/dev/net/tun",
			"use a kernel with CONFIG_TUN, and open mounts of /dev that have "
			"\"nodev\"",
			"no tap can be made with it (%m)");
	else
		probe_note(p, PROBE_OK, "/dev/net/tun", "taps can be made");
}

/* ---- the gate's mechanism ---- */

/* A process behind a filter; what it gets for getsid is the supervisor's answer. */
static _Noreturn void trapped_run(int sock)
{
	const struct call_rule rules[] = {{CALL(getsid), SECCOMP_RET_USER_NOTIF}};
	struct filter program;
	int listener =
		filter_build(rules, array_size(rules), SECCOMP_RET_ALLOW, &program);

	if (!listener)
		listener = filter_install(&program, SECCOMP_FILTER_FLAG_NEW_LISTENER);
	if (listener < 0)
		_exit(-listener);
	if (fd_send(sock, "", 1, &listener, 1))
		_exit(EPROTO);
	close(listener);
	_exit(syscall(__NR_getsid, 0) > STDERR_FILENO ? 0 : EPROTO);
}

/* Answer one call by putting a descriptor into the caller, as the gate does for sockets. */
static int trapped_answer(int sock)
{
	auto_close int listener = -1;
	struct seccomp_notif call = {};
	struct seccomp_notif_addfd answer = {.flags = SECCOMP_ADDFD_FLAG_SEND,
					     .srcfd = (uint32_t)sock};
	size_t n = 1;
	char byte;

	if (fd_receive(sock, &byte, 1, &listener, &n) != 1 || n != 1)
		return -EPIPE; /* the other side's status says why */
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call))
		return -errno;
	answer.id = call.id;
	return ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &answer) < 0 ? -errno : 0;
}

static int try_gate(void)
{
	int socks[2], err, status = 0;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, socks))
		return -errno;
	pid = fork();
	if (!pid) {
		close(socks[0]);
		trapped_run(socks[1]);
	}
	close(socks[1]);
	err = pid < 0 ? -errno : trapped_answer(socks[0]);
	if (err && err != -EPIPE && pid > 0)
		kill(pid, SIGKILL);
	close(socks[0]);
	if (pid > 0)
		waitpid(pid, &status, 0);
	if (err == -EPIPE && WIFEXITED(status))
		err = -WEXITSTATUS(status);
	return err;
}

static void probe_gate(struct probes *p)
{
	int err = try_gate();

	if (err == -EBUSY)
		probe_note_missing(
			p, "seccomp notification",
			"leave the yard, or the container manager that uses it",
			"it is in use around this process, and the kernel allows one");
	else if (err)
		probe_note_missing(
			p, "seccomp notification",
			"use a kernel from 5.14 on with CONFIG_SECCOMP_FILTER=y, and in a "
			"container allow seccomp by its own profile",
			"it does not work (%s)", strerror(-err));
	else
		probe_note(p, PROBE_OK, "seccomp notification", "works");
}

/* ---- not needed, but good to have: the kernel's veth, and rules for shortcuts ---- */

/* One request, and the error in its answer. */
static int ask_kernel(const void *request, size_t size)
{
	struct {
		struct nlmsghdr head;
		struct nlmsgerr error;
		char rest[512];
	} reply;
	auto_close int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (sock < 0 || send(sock, request, size, 0) < 0 ||
	    recv(sock, &reply, sizeof(reply), 0) <
		    (ssize_t)(sizeof(reply.head) + sizeof(int)))
		return -errno;
	return reply.head.nlmsg_type == NLMSG_ERROR ? reply.error.error : -EPROTO;
}

static int try_kernel_veth(void)
{
	struct {
		struct nlmsghdr head;
		struct ifinfomsg link;
		struct rtattr info;
		struct rtattr kind;
		char name[4];
	} request = {
		.head = {.nlmsg_len = sizeof(request),
			 .nlmsg_type = RTM_NEWLINK,
			 .nlmsg_flags =
				 NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL},
		.info = {.rta_type = IFLA_LINKINFO,
			 .rta_len = sizeof(struct rtattr) * 2 + sizeof(request.name)},
		.kind = {.rta_type = IFLA_INFO_KIND,
			 .rta_len = sizeof(struct rtattr) + sizeof(request.name)},
		.name = {'v', 'e', 't', 'h'},
	};

	return ask_kernel(&request, sizeof(request));
}

static void probe_kernel_veth(struct probes *p)
{
	int err = try_kernel_veth();

	if (err)
		probe_note(p, PROBE_INFO, "kernel veth", "not there (%s), and not needed",
			   strerror(-err));
	else
		probe_note(p, PROBE_INFO, "kernel veth", "there, though not needed");
}

/* Ask for a clsact on lo, then for a rule on it that hands frames on. */
static int try_shortcuts(void)
{
	struct {
		struct nlmsghdr head;
		struct tcmsg tc;
		struct rtattr kind;
		char name[8];
	} hook = {.head = {.nlmsg_len = sizeof(hook),
			   .nlmsg_type = RTM_NEWQDISC,
			   .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE},
		  .tc = {.tcm_ifindex = 1,
			 .tcm_handle = TC_H_MAKE(TC_H_CLSACT, 0),
			 .tcm_parent = TC_H_CLSACT},
		  .kind = {.rta_type = TCA_KIND,
			   .rta_len = sizeof(hook.kind) + sizeof("clsact")},
		  .name = "clsact"};
	struct {
		struct nlmsghdr head;
		struct tcmsg tc;
		struct rtattr kind;
		char name[4];
		struct rtattr options, sel;
		uint8_t all[sizeof(struct tc_u32_sel)]; /* begins with its flags */
		struct rtattr actions, first, action;
		char action_name[8];
		struct rtattr action_options, parms;
		struct tc_mirred mirred;
	} rule = {
		.head = {.nlmsg_len = sizeof(rule),
			 .nlmsg_type = RTM_NEWTFILTER,
			 .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE},
		.tc = {.tcm_ifindex = 1,
		       .tcm_parent = TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS),
		       .tcm_info = TC_H_MAKE(1u << 16, htons(ETH_P_ALL))},
		.kind = {.rta_type = TCA_KIND, .rta_len = sizeof(rule.kind) + 4},
		.name = "u32",
		.options = {.rta_type = TCA_OPTIONS,
			    .rta_len = sizeof(rule) - offsetof(typeof(rule), options)},
		.sel = {.rta_type = TCA_U32_SEL,
			.rta_len = sizeof(rule.sel) + sizeof(rule.all)},
		.all = {TC_U32_TERMINAL},
		.actions = {.rta_type = TCA_U32_ACT,
			    .rta_len = sizeof(rule) - offsetof(typeof(rule), actions)},
		.first = {.rta_type = 1,
			  .rta_len = sizeof(rule) - offsetof(typeof(rule), first)},
		.action = {.rta_type = TCA_ACT_KIND,
			   .rta_len = sizeof(rule.action) + sizeof("mirred")},
		.action_name = "mirred",
		.action_options = {.rta_type = TCA_ACT_OPTIONS,
				   .rta_len = sizeof(rule) -
					      offsetof(typeof(rule), action_options)},
		.parms = {.rta_type = TCA_MIRRED_PARMS,
			  .rta_len = sizeof(rule.parms) + sizeof(rule.mirred)},
		.mirred = {.action = TC_ACT_STOLEN,
			   .eaction = TCA_EGRESS_REDIR,
			   .ifindex = 1},
	};
	int err = ask_kernel(&hook, sizeof(hook));

	return err ? err : ask_kernel(&rule, sizeof(rule));
}

static void probe_shortcuts(struct probes *p)
{
	int err = try_kernel_veth();

	if (!err)
		err = try_shortcuts();
	if (err)
		probe_note(
			p, PROBE_INFO, "shortcuts",
			"none, so frames between namespaces take longer (%s); they need the "
			"kernel's veth, clsact, u32 and mirred",
			strerror(-err));
	else
		probe_note(p, PROBE_INFO, "shortcuts", "can be made");
}

void probe_world(struct probes *p)
{
	probe_mounts(p);
	probe_tun(p);
	probe_gate(p);
	probe_kernel_veth(p);
	probe_shortcuts(p);
}
