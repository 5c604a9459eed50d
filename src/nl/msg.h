/* SPDX-License-Identifier: BSD-2-Clause
 *
 * msg - netlink as a data format (RFC 3549 section 2, Linux <linux/netlink.h>): reading
 * messages and attributes without ever passing their end, and writing them.  No sockets.
 *
 * Readers borrow.  Types are compared without NLA_F_NESTED and NLA_F_NET_BYTEORDER.
 */
#pragma once

#include "base/extack.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

/* ---- reading ---- */

/* Each whole message of a datagram; ends at the first that is short or cut. */
const struct nlmsghdr *msg_first(const void *data, size_t len);
const struct nlmsghdr *msg_next(const struct nlmsghdr *m, const void *data, size_t len);
#define msg_foreach(m, data, len) \
	for (m = msg_first(data, len); m; m = msg_next(m, data, len))

/* The payload after a fixed header of @size bytes (aligned), or NULL when the message is too
 * short for it.  _attrs: the attributes that follow such a header, *len bytes of them. */
const void *msg_header(const struct nlmsghdr *m, size_t size);
const struct nlattr *msg_attrs(const struct nlmsghdr *m, size_t header_size, size_t *len);

static inline unsigned attr_type(const struct nlattr *a)
{
	return a->nla_type & NLA_TYPE_MASK;
}

static inline size_t attr_len(const struct nlattr *a)
{
	return a->nla_len - NLA_HDRLEN;
}

static inline const void *attr_data(const struct nlattr *a)
{
	return (const char *)a + NLA_HDRLEN;
}

/* Each whole attribute among @len bytes at @first; stops at a malformed one. */
const struct nlattr *attr_first(const void *first, size_t len);
const struct nlattr *attr_next(const struct nlattr *a, const void *first, size_t len);
#define attr_foreach(a, first, len) \
	for (a = attr_first(first, len); a; a = attr_next(a, first, len))
#define attr_foreach_nested(a, nest) attr_foreach(a, attr_data(nest), attr_len(nest))

/* Index attributes by type into @table, which has @n places; the last of a kind wins, types
 * beyond are left out.  -EINVAL with a sentence when one is malformed. */
int attrs_index(const struct nlattr **table, size_t n, const void *first, size_t len,
		struct extack *ea) must_check;
const struct nlattr *attr_find(const void *first, size_t len, unsigned type);

/* Values; 0 when the attribute is shorter than the type (attrs are checked by option rows or
 * by the caller where it matters). */
uint8_t attr_u8(const struct nlattr *a);
uint16_t attr_u16(const struct nlattr *a);
uint32_t attr_u32(const struct nlattr *a);
uint64_t attr_u64(const struct nlattr *a);
/* Copies a string that need not end in NUL; cut to @size-1.  Returns its true length. */
size_t attr_str(const struct nlattr *a, char *buf, size_t size);
bool attr_str_is(const struct nlattr *a, const char *s);

/* ---- writing ---- */

/* A growing buffer of messages.  Zeroed memory is an empty one; memory is the buffer's own
 * until nlbuf_done.  Writing cannot fail but for memory. */
struct nlbuf {
	uint8_t *data;
	size_t len, size;
};

void nlbuf_done(struct nlbuf *b);
void nlbuf_clear(struct nlbuf *b);
/* Padded; zeros if @data is NULL. */
void *nlbuf_raw(struct nlbuf *b, const void *data, size_t len);

/* Begin a message with a fixed header of @len bytes (zeros if NULL); returns its offset for
 * msg_end, which sets its length. */
size_t msg_begin(struct nlbuf *b, uint16_t type, uint16_t flags, uint32_t seq,
		 uint32_t pid, const void *header, size_t len);
void msg_end(struct nlbuf *b, size_t msg);

void put_attr(struct nlbuf *b, unsigned type, const void *data, size_t len);
void put_u8(struct nlbuf *b, unsigned type, uint8_t v);
void put_u16(struct nlbuf *b, unsigned type, uint16_t v);
void put_u32(struct nlbuf *b, unsigned type, uint32_t v);
void put_u64(struct nlbuf *b, unsigned type, uint64_t v);
void put_str(struct nlbuf *b, unsigned type, const char *s); /* with its NUL */
void put_copy(struct nlbuf *b, const struct nlattr *a);	     /* as it is */
/* Without NLA_F_NESTED, as rtnetlink.  An attribute, so a nest too, ends at 64 KiB. */
size_t nest_begin(struct nlbuf *b, unsigned type);
void nest_end(struct nlbuf *b, size_t nest);

/* An NLMSG_ERROR that answers @request (err 0: an acknowledgement), with @ea's sentence when
 * @with_tlvs (the client set NETLINK_EXT_ACK); @capped: NETLINK_CAP_ACK. */
void put_ack(struct nlbuf *b, const struct nlmsghdr *request, uint32_t pid, int err,
	     const struct extack *ea, bool with_tlvs, bool capped);
