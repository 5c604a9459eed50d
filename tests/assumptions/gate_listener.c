/* SPDX-License-Identifier: BSD-2-Clause
 *
 * gate_listener - the gate works on this kernel: a program behind the filter that asks for an
 * rtnetlink socket is handed a Unix socket which it cannot tell from one by its messages.
 *
 * The trick is the name.  A Unix socket accepted by a listener that is bound to the abstract
 * name of ten zero bytes bears that name, so what its peer receives comes from an address of
 * 12 bytes which, read as a struct sockaddr_nl, is the kernel's: pid 0, groups 0.
 */
#include "gate/filter.h"
#include "prove.h"

#include <linux/capability.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

/* ---- the program behind the gate ---- */

/* Hand the listener over, and be without one. */
static void enter_gate(int to_engine, bool single_uid)
{
	int listener = gate_filter_install(single_uid);

	errno = -listener;
	PROVE(listener >= 0, "the filter is accepted with a listener");
	PROVE(fcntl(listener, F_GETFD) & FD_CLOEXEC, "the listener closes on exec");
	PROVE(fd_send(to_engine, "L", 1, &listener, 1) == 0,
	      "the listener can be passed on");
	close(listener);
}

static void talk_netlink(int fd)
{
	struct sockaddr_nl kernel = {.nl_family = AF_NETLINK}, from = {.nl_pid = 99};
	struct nlmsghdr m = {.nlmsg_len = sizeof(m), .nlmsg_type = RTM_GETLINK};
	struct iovec iov = {&m, sizeof(m)};
	struct msghdr msg = {.msg_name = &kernel,
			     .msg_namelen = sizeof(kernel),
			     .msg_iov = &iov,
			     .msg_iovlen = 1};

	PROVE(sendmsg(fd, &msg, 0) == sizeof(m),
	      "a netlink address to send to is ignored");
	msg.msg_name = &from;
	PROVE(recvmsg(fd, &msg, MSG_PEEK | MSG_TRUNC) == sizeof(m),
	      "a reply can be peeked at");
	PROVE(recvmsg(fd, &msg, 0) == sizeof(m), "a reply arrives whole");
	PROVE(m.nlmsg_type == NLMSG_DONE, "it is what the engine sent");
	PROVE(msg.msg_namelen == sizeof(from), "it comes from an address of 12 bytes");
	PROVE(from.nl_pid == 0 && from.nl_groups == 0, "which reads as the kernel's");
}

static void live_behind_gate(int to_engine)
{
	struct sockaddr_in addr = {.sin_family = AF_INET};
	socklen_t len = sizeof(addr);
	int fd, lowest, inet;

	enter_gate(to_engine, true);
	PROVE(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0, "no_new_privs is left alone");
	PROVE(gate_filter_install(true) == -EBUSY, "there is no gate inside a gate");
	PROVE(setgid(65534) == 0 && getgid() == 0,
	      "dropping privileges does nothing, well");

	lowest = dup(0);
	close(lowest);
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	PROVE(fd == lowest, "an rtnetlink socket is the lowest free descriptor");
	PROVE(fcntl(fd, F_GETFD) & FD_CLOEXEC, "with the flags that were asked for");
	talk_netlink(fd);

	inet = socket(AF_INET, SOCK_DGRAM, 0);
	PROVE(inet >= 0, "other sockets are the kernel's");
	PROVE(getsockname(inet, (void *)&addr, &len) == 0 && addr.sin_family == AF_INET,
	      "a trapped call may go on to the kernel");
	REQUIRE(write(to_engine, "D", 1) == 1 && read(to_engine, &lowest, 1) >= 0);
	PROVE(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) == -1 && errno == ENOSYS,
	      "without an engine there are no new rtnetlink sockets");
	PROVE(socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC) >= 0, "but all else goes on");
	exit(0);
}

/* ---- the engine ---- */

/* A pair whose far end has the name of zeros; gives the near end for the client. */
static int zero_named_pair(int *engine_end)
{
	const struct sockaddr_un zeros = {.sun_family = AF_UNIX};
	auto_close int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	int client = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	PROVE(bind(listener, (const void *)&zeros, sizeof(struct sockaddr_nl)) == 0,
	      "a Unix socket can have a name of ten zero bytes");
	REQUIRE(listen(listener, 1) == 0 &&
		connect(client, (const void *)&zeros, sizeof(struct sockaddr_nl)) == 0);
	*engine_end = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	REQUIRE(*engine_end >= 0);
	return client;
}

/* Answer one call.  Gives the engine's end of a netlink socket, or -1 for another call. */
static int answer(int listener)
{
	struct seccomp_notif call = {};
	int end = -1;

	REQUIRE(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) == 0);
	if (call.data.nr == __NR_socket) {
		auto_close int client = zero_named_pair(&end);
		struct seccomp_notif_addfd add = {.id = call.id,
						  .flags = SECCOMP_ADDFD_FLAG_SEND,
						  .srcfd = (unsigned)client,
						  .newfd_flags = O_CLOEXEC};

		PROVE(ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add) >= 0,
		      "a call can be answered by a descriptor");
	} else {
		struct seccomp_notif_resp go_on = {
			.id = call.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};

		PROVE(ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &go_on) == 0,
		      "a call can be sent on to the kernel");
	}
	return end;
}

static void serve(int from_client)
{
	auto_close int listener = -1;
	auto_close int netlink = -1;
	size_t n = 1;
	char byte;

	REQUIRE(fd_receive(from_client, &byte, 1, &listener, &n) == 1 && n == 1);
	for (;;) {
		struct pollfd fds[] = {
			{from_client, POLLIN}, {listener, POLLIN}, {netlink, POLLIN}};

		REQUIRE(poll(fds, 3, 10000) > 0);
		if (fds[0].revents)
			break;
		if (fds[1].revents & POLLIN) {
			int end = answer(listener);

			netlink = end >= 0 ? end : netlink;
		}
		if (fds[2].revents & POLLIN) {
			struct nlmsghdr m;

			REQUIRE(recv(netlink, &m, sizeof(m), 0) == sizeof(m) &&
				m.nlmsg_type == RTM_GETLINK);
			m.nlmsg_type = NLMSG_DONE;
			REQUIRE(send(netlink, &m, sizeof(m), 0) == sizeof(m));
		}
	}
}

/* ---- without privileges ---- */

/* A thread without capabilities gets its gate too, for the price of no_new_privs. */
static void gate_without_capabilities(int to_engine)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {};

	REQUIRE(syscall(__NR_capset, &head, none) == 0);
	enter_gate(to_engine, false);
	PROVE(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1, "no_new_privs was needed");
	exit(0);
}

static void with_client(void (*client)(int to_engine), void (*engine)(int from_client))
{
	int ends[2];
	pid_t pid;

	REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0);
	pid = fork_child();
	if (!pid) {
		close(ends[0]);
		client(ends[1]);
	}
	close(ends[1]);
	if (engine)
		engine(ends[0]);
	/* The engine is dead now: its listener is closed. */
	REQUIRE(!engine || write(ends[0], "", 1) == 1);
	expect_success(pid);
	close(ends[0]);
}

int main(void)
{
	prove_begin();
	enter_world(CLONE_NEWNET);
	with_client(live_behind_gate, serve);
	with_client(gate_without_capabilities, NULL);
	return prove_end();
}
