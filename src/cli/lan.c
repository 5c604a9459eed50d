/* SPDX-License-Identifier: BSD-2-Clause
 *
 * lan - makes, keeps and ends the network "default".
 *
 * What it consists of is libvirt's: bridge settings (<bridge stp='on' delay='0'/>, which the
 * kernel raises to two seconds), dnsmasq's options, the rules of its nftables backend.
 */
#include "cli/lan.h"

#include "base/fd.h"
#include "cli/tool.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

#define END_MS 10000
/* Where the keeper's tmpfs is, for itself and dnsmasq: a directory that exists everywhere and
 * which neither needs. */
#define PRIVATE	  "/sys"
#define LEASES	  PRIVATE "/default.leases"
#define NAT_TABLE "wireyard_default"
#define FORWARD	  "/proc/sys/net/ipv4/ip_forward"
#define NO_IPV6	  "/proc/sys/net/ipv6/conf/" LAN_BRIDGE "/disable_ipv6"

static const struct tool ip_tool = {"ip", "iproute2"};
static const struct tool nft_tool = {"nft", "nftables"};
static const struct tool dnsmasq_tool = {"dnsmasq", "dnsmasq-base"};

struct keeper {
	int uplink; /* see lan_start; -1 */
	int listener;
	int signals;
	bool was_forwarding;
};

/* ---- the parts, each with its undoing ---- */

static socklen_t keeper_address(struct sockaddr_un *addr)
{
	static const char name[] = "wireyard-net-" LAN_NAME;

	*addr = (struct sockaddr_un){.sun_family = AF_UNIX};
	memcpy(addr->sun_path + 1, name, sizeof(name) - 1);
	return offsetof(struct sockaddr_un, sun_path) + sizeof(name);
}

/* The name is what keeps a second one from being made. */
static int listen_make(struct keeper *k, struct extack *why)
{
	struct sockaddr_un addr;
	socklen_t len = keeper_address(&addr);

	k->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (k->listener >= 0 && !bind(k->listener, (struct sockaddr *)&addr, len) &&
	    !listen(k->listener, 8))
		return 0;
	if (errno == EADDRINUSE)
		return extack_set(why, -EEXIST, "the network \"%s\" is there already",
				  LAN_NAME);
	return extack_set(why, -errno, "the network's socket cannot be made (%m)");
}

static int ip_batch(const char *commands, const char *task, struct extack *why)
{
	const char *argv[] = {NULL, "-batch", "-", NULL};

	return tool_run(&ip_tool, argv, commands, task, why);
}

static void bridge_undo(struct keeper *k)
{
	(void)k;
	if (ip_batch("link del " LAN_BRIDGE "\n", "", NULL))
		return; /* somebody was faster */
}

static int bridge_make(struct keeper *k, struct extack *why)
{
	uint8_t mac[3];
	auto_free char *add = NULL;
	int err;

	if (getrandom(mac, sizeof(mac), 0) != sizeof(mac))
		return extack_set(why, -errno, "there are no random numbers (%m)");
	/* An address of its own (QEMU's prefix): else it would be the lowest of the ports'. */
	add = xasprintf("link add " LAN_BRIDGE " address 52:54:00:%02x:%02x:%02x "
			"type bridge stp_state 1 forward_delay 200\n",
			mac[0], mac[1], mac[2]);
	err = ip_batch(add, "the bridge " LAN_BRIDGE " cannot be made", why);
	if (err)
		return err;
	/* The network is one of IPv4: its bridge is not to have link-local addresses. */
	err = fd_write_file(AT_FDCWD, NO_IPV6, "1");
	if (err == -ENOENT)
		err = 0;
	if (err)
		extack_set(why, err, "%s cannot be written (%s)", NO_IPV6,
			   strerror(-err));
	else
		err = ip_batch("addr add " LAN_GATEWAY "/24 brd + dev " LAN_BRIDGE "\n"
			       "link set " LAN_BRIDGE " up\n",
			       LAN_BRIDGE " cannot be set up", why);
	if (err)
		bridge_undo(k);
	return err;
}

static int nft(const char *rules, const char *task, struct extack *why)
{
	const char *argv[] = {NULL, "-f", "-", NULL};

	return tool_run(&nft_tool, argv, rules, task, why);
}

static int nat_make(struct keeper *k, struct extack *why)
{
	static const char rules[] =
		"table ip " NAT_TABLE " {\n"
		" chain forward {\n"
		"  type filter hook forward priority filter; policy accept;\n"
		"  iifname " LAN_BRIDGE " oifname " LAN_BRIDGE " accept\n"
		"  oifname " LAN_BRIDGE " ip daddr " LAN_NETWORK
		" ct state established,related accept\n"
		"  oifname " LAN_BRIDGE " reject\n"
		"  iifname " LAN_BRIDGE " ip saddr " LAN_NETWORK " accept\n"
		"  iifname " LAN_BRIDGE " reject\n"
		" }\n"
		" chain postrouting {\n"
		"  type nat hook postrouting priority srcnat; policy accept;\n"
		"  ip saddr " LAN_NETWORK
		" ip daddr { 224.0.0.0/24, 255.255.255.255 } return\n"
		"  meta l4proto { tcp, udp } ip saddr " LAN_NETWORK
		" ip daddr != " LAN_NETWORK " masquerade to :1024-65535\n"
		"  ip saddr " LAN_NETWORK " ip daddr != " LAN_NETWORK " masquerade\n"
		" }\n"
		"}\n";

	(void)k;
	return nft(rules, "the rules for NAT cannot be made", why);
}

static void nat_undo(struct keeper *k)
{
	(void)k;
	if (nft("delete table ip " NAT_TABLE "\n", "", NULL))
		return; /* somebody was faster */
}

static int forwarding_make(struct keeper *k, struct extack *why)
{
	char was[8] = "";
	int err;

	if (fd_read_file(AT_FDCWD, FORWARD, was, sizeof(was)) < 0)
		was[0] = 0;
	k->was_forwarding = was[0] == '1';
	err = fd_write_file(AT_FDCWD, FORWARD, "1");
	return err ? extack_set(why, err, "%s cannot be written (%s)", FORWARD,
				strerror(-err))
		   : 0;
}

static void forwarding_undo(struct keeper *k)
{
	if (!k->was_forwarding && fd_write_file(AT_FDCWD, FORWARD, "0"))
		return; /* it is read-only now */
}

/* Is there nobody but root that dnsmasq could become? */
static bool has_one_user(void)
{
	char map[256];
	unsigned long inside, outside, n;

	return fd_read_file(AT_FDCWD, "/proc/self/uid_map", map, sizeof(map)) > 0 &&
	       sscanf(map, "%lu %lu %lu", &inside, &outside, &n) == 3 && n == 1;
}

static int dnsmasq_make(struct keeper *k, struct extack *why)
{
	const char *argv[] = {NULL, "--conf-file=-", NULL};
	auto_free char *conf =
		xasprintf("strict-order\n"
			  "bind-dynamic\n"
			  "interface=" LAN_BRIDGE "\n"
			  "except-interface=lo\n"
			  "no-resolv\n"
			  "domain-needed\n"
			  "local=//\n"
			  "dhcp-range=192.168.122.2,192.168.122.254,255.255.255.0\n"
			  "dhcp-no-override\n"
			  "dhcp-authoritative\n"
			  "dhcp-lease-max=253\n"
			  "dhcp-leasefile=" LEASES "\n"
			  "host-record=gateway," LAN_GATEWAY "\n"
			  "pid-file=" PRIVATE "/dnsmasq.pid\n"
			  "%s%s",
			  k->uplink >= 0 ? "server=" LAN_UPLINK_DNS "\n" : "",
			  has_one_user() ? "user=root\n" : "");

	/* Namespaces are mounted and unmounted at /run/netns as elsewhere: kept mounts would
	 * keep them alive. */
	if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) ||
	    mount("wireyard-net", PRIVATE, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		  "mode=0755"))
		return extack_set(why, -errno,
				  "a tmpfs for dnsmasq cannot be mounted (%m)");
	return tool_run(&dnsmasq_tool, argv, conf, "DHCP and DNS cannot be started", why);
}

static void dnsmasq_undo(struct keeper *k)
{
	(void)k;
	kill(-1, SIGKILL); /* all of the keeper's process namespace but the keeper */
}

static const struct part {
	int (*make)(struct keeper *k, struct extack *why);
	void (*undo)(struct keeper *k); /* NULL: ends with the keeper */
} parts[] = {
	{listen_make, NULL},	      {bridge_make, bridge_undo},
	{nat_make, nat_undo},	      {forwarding_make, forwarding_undo},
	{dnsmasq_make, dnsmasq_undo},
};

/* ---- the keeper ---- */

/* Keep only what the keeper needs: whatever else was inherited belongs to others, who wait
 * for its end of file. */
static void keep_descriptors(int *ready, int *uplink)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int *kept[] = {ready, uplink};
	int next = STDERR_FILENO + 1;

	for (size_t i = 0; i < array_size(kept); i++)
		if (*kept[i] >= 0)
			*kept[i] = fcntl(*kept[i], F_DUPFD_CLOEXEC, 16);
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	for (size_t i = 0; i < array_size(kept); i++)
		if (*kept[i] >= 0)
			*kept[i] = dup3(*kept[i], next++, O_CLOEXEC);
	close_range((unsigned)next, ~0u, 0);
}

static bool has_uplink(const struct keeper *k)
{
	struct pollfd fd = {.fd = k->uplink};

	/* Its end of the pipe is closed when it has ended. */
	return k->uplink >= 0 && poll(&fd, 1, 0) == 0;
}

static void keeper_answer(struct keeper *k)
{
	auto_close int client = accept4(k->listener, NULL, NULL, SOCK_CLOEXEC);
	char uplink = has_uplink(k) ? '1' : '0';

	if (client >= 0 && send(client, &uplink, 1, MSG_NOSIGNAL) < 0)
		return; /* who asked is gone */
}

/* Until the network is to end, or dnsmasq has. */
static void keeper_wait(struct keeper *k)
{
	struct pollfd fds[] = {{.fd = k->signals, .events = POLLIN},
			       {.fd = k->listener, .events = POLLIN}};
	struct signalfd_siginfo info;
	pid_t pid;

	for (;;) {
		if (poll(fds, array_size(fds), -1) < 0)
			continue;
		if (fds[0].revents && read(k->signals, &info, sizeof(info)) > 0) {
			if (info.ssi_signo == SIGTERM)
				return;
			/* Who starts dnsmasq ends too; without any child it has ended. */
			while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
				;
			if (pid < 0)
				return;
		}
		if (fds[1].revents)
			keeper_answer(k);
	}
}

static _Noreturn void keeper_run(int ready, int uplink)
{
	struct keeper k = {.uplink = uplink};
	struct extack why = {};
	size_t n = 0;
	sigset_t heard;
	int err = 0;

	setsid();
	prctl(PR_SET_NAME, "wireyard-net");
	keep_descriptors(&ready, &k.uplink);
	if (chdir("/"))
		_exit(1);
	sigemptyset(&heard);
	sigaddset(&heard, SIGTERM);
	sigaddset(&heard, SIGCHLD);
	sigprocmask(SIG_SETMASK, &heard, NULL);
	k.signals = signalfd(-1, &heard, SFD_CLOEXEC);
	while (!err && n < array_size(parts)) {
		err = parts[n].make(&k, &why);
		n += !err;
	}
	if (!err) {
		err = write(ready, "+", 1) != 1;
		fd_close(&ready);
		if (!err)
			keeper_wait(&k);
	}
	while (n-- > 0)
		if (parts[n].undo)
			parts[n].undo(&k);
	/* Said last: who reads it finds nothing left of the attempt. */
	if (ready >= 0 && write(ready, why.msg, strlen(why.msg)) < 0)
		_exit(1);
	_exit(0);
}

static pid_t clone_keeper(void)
{
	struct clone_args args = {.flags = CLONE_NEWPID | CLONE_NEWNS,
				  .exit_signal = SIGCHLD};

	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

int lan_start(int uplink_fd, struct extack *why)
{
	auto_close int ready_r = -1, ready_w = -1;
	int ready[2];
	char said[sizeof(why->msg)] = "";
	size_t len = 0;
	ssize_t n;
	pid_t pid;

	if (pipe2(ready, O_CLOEXEC))
		return extack_set(why, -errno, "a pipe cannot be made (%m)");
	ready_r = ready[0];
	ready_w = ready[1];
	pid = clone_keeper();
	if (!pid)
		keeper_run(ready_w, uplink_fd);
	if (pid < 0)
		return extack_set(why, -errno,
				  "the network's process cannot be made (%m)");
	fd_close(&ready_w);
	while ((n = read(ready_r, said + len, sizeof(said) - 1 - len)) > 0)
		len += (size_t)n;
	if (!strcmp(said, "+"))
		return 0;
	waitpid(pid, NULL, 0);
	return extack_set(why, -EIO, "%s",
			  len ? said : "the network's process was killed");
}

/* ---- from outside the keeper ---- */

/* Its process, or -ENOENT. */
static pid_t keeper_find(bool *uplink)
{
	struct sockaddr_un addr;
	socklen_t len = keeper_address(&addr), cred_len = sizeof(struct ucred);
	auto_close int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct ucred cred;
	char byte;

	if (sock < 0 || connect(sock, (struct sockaddr *)&addr, len) ||
	    getsockopt(sock, SOL_SOCKET, SO_PEERCRED, &cred, &cred_len) ||
	    recv(sock, &byte, 1, 0) != 1)
		return -ENOENT;
	*uplink = byte == '1';
	return cred.pid;
}

/* Remove what a keeper that was killed could not. */
static int lan_sweep(void)
{
	struct extack why = {};
	struct keeper none = {};

	if (nft("delete table ip " NAT_TABLE "\n", "", &why))
		return -ENOENT;
	bridge_undo(&none);
	return 0;
}

int lan_stop(struct extack *why)
{
	bool uplink;
	pid_t pid = keeper_find(&uplink);
	auto_close int keeper = pid > 0 ? pidfd_open(pid, 0) : -1;
	struct pollfd end = {.fd = keeper, .events = POLLIN};

	if (keeper < 0)
		return lan_sweep()
			       ? extack_set(why, -ENOENT,
					    "there is no network \"%s\" here", LAN_NAME)
			       : 0;
	syscall(SYS_pidfd_send_signal, keeper, SIGTERM, NULL, 0);
	if (poll(&end, 1, END_MS) > 0)
		return 0;
	syscall(SYS_pidfd_send_signal, keeper, SIGKILL, NULL, 0);
	poll(&end, 1, END_MS);
	return lan_sweep() ? extack_set(why, -EIO,
					"the network \"%s\" cannot be removed whole",
					LAN_NAME)
			   : 0;
}

/* dnsmasq's list: a line for each lease, "EXPIRY MAC ADDRESS NAME CLIENT-ID". */
static json_t *read_leases(pid_t keeper)
{
	auto_free char *path = xasprintf("/proc/%d/root" LEASES, keeper);
	json_t *leases = json_array();
	long long expires;
	char mac[64], address[64], name[256], *line = NULL;
	FILE *file = fopen(path, "re");
	size_t size = 0;

	while (file && getline(&line, &size, file) > 0)
		if (sscanf(line, "%lld %63s %63s %255s", &expires, mac, address, name) ==
		    4)
			json_array_append_new(
				leases, json_pack("{s:I, s:s, s:s, s:s?}", "expires",
						  (json_int_t)expires, "mac", mac,
						  "address", address, "name",
						  strcmp(name, "*") ? name : NULL));
	free(line);
	if (file)
		fclose(file);
	return leases;
}

json_t *lan_describe(void)
{
	bool uplink;
	pid_t pid = keeper_find(&uplink);

	if (pid < 0)
		return NULL;
	return json_pack("{s:s, s:s, s:s, s:i, s:b, s:o}", "name", LAN_NAME, "bridge",
			 LAN_BRIDGE, "network", LAN_NETWORK, "pid", pid, "uplink", uplink,
			 "leases", read_leases(pid));
}
