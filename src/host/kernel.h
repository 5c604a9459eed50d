/* SPDX-License-Identifier: BSD-2-Clause
 *
 * kernel - asking the host's kernel: sockets in a chosen network namespace, and rtnetlink
 * requests that wait for their answer.
 *
 * Any thread.  A thread's network namespace is switched and switched back inside a call
 * (setns acts on the calling thread alone); a descriptor made meanwhile stays where it was
 * made.  None of these holds a namespace open after it returns.
 */
#pragma once

#include "base/fd.h"
#include "nl/msg.h"

#include <net/if.h>

/* The calling thread's own namespace, to which every call returns.  Each thread that uses
 * this file calls it once. */
void kernel_thread_home(int home_ns_fd);

/* A socket in the namespace behind @ns_fd (close-on-exec), or -errno. */
int kernel_socket_in(int ns_fd, int family, int type, int protocol) must_check;

/* /dev/net/tun opened in that namespace, so that what it makes is born there. */
int kernel_tun_in(int ns_fd) must_check;

/* An rtnetlink socket there, set up to hear sentences (NETLINK_EXT_ACK). */
int kernel_rtnl_in(int ns_fd) must_check;

/* The namespace's cookie (SO_NETNS_COOKIE), never used twice; 0 when it cannot be told. */
uint64_t kernel_socket_cookie(int sock);
uint64_t kernel_ns_cookie(int ns_fd);

/* Send the one message in @req (NLM_F_ACK is added) and wait for the acknowledgement.  The
 * messages that come before it are appended to @reply if that is not NULL.  Returns 0 or the
 * kernel's -errno with its sentence in @ea. */
int kernel_request(int sock, struct nlbuf *req, struct nlbuf *reply,
		   struct extack *ea) must_check;

/* A link as the kernel sees it. */
struct kernel_link {
	unsigned ifindex, flags, mtu, group;
	unsigned type, master; /* ARPHRD_*; IFLA_MASTER, 0: none */
	unsigned promiscuity;  /* how many want all frames */
	unsigned peer_index;   /* IFLA_LINK */
	int peer_nsid;	       /* IFLA_LINK_NETNSID; -1 none */
	char name[IFNAMSIZ];
	uint8_t addr[6];
	bool has_addr;
};

/* Read an RTM_NEWLINK.  False if it is not a whole one. */
bool kernel_link_parse(const struct nlmsghdr *m, struct kernel_link *link);

/* Ask for a link by index, or by name if @ifindex is 0. */
int kernel_link_get(int sock, unsigned ifindex, const char *name,
		    struct kernel_link *link) must_check;

/* On a socket with NETLINK_LISTEN_ALL_NSID: the id of the namespace that what recvmsg has read
 * is from; -1: the socket's own. */
int kernel_sender_nsid(struct msghdr *msg);

/* What a link has carried and lost. */
struct kernel_stats {
	uint64_t rx_packets, rx_bytes, tx_packets, tx_bytes, tx_dropped;
};

int kernel_link_stats(int sock, unsigned ifindex, struct kernel_stats *stats) must_check;

/* The index of @name where @sock is (any socket); 0: there is none. */
unsigned kernel_index_of(int sock, const char *name);

/* Set IFF_* bits: those in @mask to their value in @flags. */
int kernel_link_flags(int sock, unsigned ifindex, unsigned flags,
		      unsigned mask) must_check;
