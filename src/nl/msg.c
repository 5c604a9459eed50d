/* SPDX-License-Identifier: BSD-2-Clause
 *
 * msg - reading and writing netlink messages, attributes and nests.
 *
 * Everything that is read came from a program we do not trust, so each step is checked
 * against the end of what surrounds it before it is looked at: a message against the
 * datagram, an attribute against the message or nest.  Values are copied out, because an
 * attribute's data is aligned to 4 bytes only.
 */
#include "nl/msg.h"

/* ---- reading ---- */

static const struct nlmsghdr *whole_msg(const char *at, const char *end)
{
	const struct nlmsghdr *m = (const void *)at;

	if (end - at < NLMSG_HDRLEN || m->nlmsg_len < NLMSG_HDRLEN ||
	    m->nlmsg_len > (size_t)(end - at))
		return NULL;
	return m;
}

const struct nlmsghdr *msg_first(const void *data, size_t len)
{
	return whole_msg(data, (const char *)data + len);
}

const struct nlmsghdr *msg_next(const struct nlmsghdr *m, const void *data, size_t len)
{
	const char *end = (const char *)data + len;
	size_t step = NLMSG_ALIGN((size_t)m->nlmsg_len);

	/* The padding of the last message may be missing. */
	if (step >= (size_t)(end - (const char *)m))
		return NULL;
	return whole_msg((const char *)m + step, end);
}

const void *msg_header(const struct nlmsghdr *m, size_t size)
{
	if (m->nlmsg_len - NLMSG_HDRLEN < size)
		return NULL;
	return (const char *)m + NLMSG_HDRLEN;
}

const struct nlattr *msg_attrs(const struct nlmsghdr *m, size_t header_size, size_t *len)
{
	size_t skip = NLMSG_HDRLEN + NLMSG_ALIGN(header_size);

	*len = m->nlmsg_len > skip ? m->nlmsg_len - skip : 0;
	return (const void *)((const char *)m + min(skip, (size_t)m->nlmsg_len));
}

static const struct nlattr *whole_attr(const char *at, const char *end)
{
	const struct nlattr *a = (const void *)at;

	if (end - at < NLA_HDRLEN || a->nla_len < NLA_HDRLEN || a->nla_len > end - at)
		return NULL;
	return a;
}

const struct nlattr *attr_first(const void *first, size_t len)
{
	return whole_attr(first, (const char *)first + len);
}

const struct nlattr *attr_next(const struct nlattr *a, const void *first, size_t len)
{
	const char *end = (const char *)first + len;
	size_t step = NLA_ALIGN((size_t)a->nla_len);

	if (step >= (size_t)(end - (const char *)a))
		return NULL;
	return whole_attr((const char *)a + step, end);
}

int attrs_index(const struct nlattr **table, size_t n, const void *first, size_t len,
		struct extack *ea)
{
	const char *end = (const char *)first + len, *at = first;
	const struct nlattr *a;

	memset(table, 0, n * sizeof(*table));
	attr_foreach(a, first, len) {
		if (attr_type(a) < n)
			table[attr_type(a)] = a;
		at = (const char *)a + NLA_ALIGN((size_t)a->nla_len);
	}
	if (at < end)
		return extack_set(ea, -EINVAL, "bytes leftover after parsing attributes");
	return 0;
}

const struct nlattr *attr_find(const void *first, size_t len, unsigned type)
{
	const struct nlattr *a;

	attr_foreach(a, first, len)
		if (attr_type(a) == type)
			return a;
	return NULL;
}

/* Whole or nothing: half a number would be a different number. */
static void copy_value(const struct nlattr *a, void *value, size_t size)
{
	if (attr_len(a) >= size)
		memcpy(value, attr_data(a), size);
}

uint8_t attr_u8(const struct nlattr *a)
{
	uint8_t v = 0;

	copy_value(a, &v, sizeof(v));
	return v;
}

uint16_t attr_u16(const struct nlattr *a)
{
	uint16_t v = 0;

	copy_value(a, &v, sizeof(v));
	return v;
}

uint32_t attr_u32(const struct nlattr *a)
{
	uint32_t v = 0;

	copy_value(a, &v, sizeof(v));
	return v;
}

uint64_t attr_u64(const struct nlattr *a)
{
	uint64_t v = 0;

	copy_value(a, &v, sizeof(v));
	return v;
}

size_t attr_str(const struct nlattr *a, char *buf, size_t size)
{
	size_t len = strnlen(attr_data(a), attr_len(a));

	if (size) {
		size_t n = min(len, size - 1);

		memcpy(buf, attr_data(a), n);
		buf[n] = 0;
	}
	return len;
}

bool attr_str_is(const struct nlattr *a, const char *s)
{
	size_t len = strlen(s);

	return strnlen(attr_data(a), attr_len(a)) == len && !memcmp(attr_data(a), s, len);
}

/* ---- writing ---- */

void nlbuf_done(struct nlbuf *b)
{
	free(b->data);
	*b = (struct nlbuf){};
}

void nlbuf_clear(struct nlbuf *b)
{
	b->len = 0;
}

/* Room for @len bytes and their padding, which is zeroed. */
static uint8_t *nlbuf_grow(struct nlbuf *b, size_t len)
{
	size_t padded = NLMSG_ALIGN(len);
	uint8_t *at;

	if (b->size - b->len < padded) {
		b->size = max(b->size * 2, b->len + padded + 1024);
		b->data = xrealloc(b->data, b->size);
	}
	at = b->data + b->len;
	memset(at + len, 0, padded - len);
	b->len += padded;
	return at;
}

void *nlbuf_raw(struct nlbuf *b, const void *data, size_t len)
{
	uint8_t *at = nlbuf_grow(b, len);

	if (!data)
		memset(at, 0, len);
	else if (len)
		memcpy(at, data, len);
	return at;
}

size_t msg_begin(struct nlbuf *b, uint16_t type, uint16_t flags, uint32_t seq,
		 uint32_t pid, const void *header, size_t len)
{
	struct nlmsghdr m = {
		.nlmsg_len = (uint32_t)(NLMSG_HDRLEN + len),
		.nlmsg_type = type,
		.nlmsg_flags = flags,
		.nlmsg_seq = seq,
		.nlmsg_pid = pid,
	};
	size_t at = b->len;

	nlbuf_raw(b, &m, sizeof(m));
	nlbuf_raw(b, header, len);
	return at;
}

void msg_end(struct nlbuf *b, size_t msg)
{
	struct nlmsghdr *m = (void *)(b->data + msg);

	m->nlmsg_len = (uint32_t)(b->len - msg);
}

void put_attr(struct nlbuf *b, unsigned type, const void *data, size_t len)
{
	struct nlattr a = {.nla_len = (uint16_t)(NLA_HDRLEN + len),
			   .nla_type = (uint16_t)type};

	assert(len <= UINT16_MAX - NLA_HDRLEN);
	nlbuf_raw(b, &a, sizeof(a));
	nlbuf_raw(b, data, len);
}

void put_u8(struct nlbuf *b, unsigned type, uint8_t v)
{
	put_attr(b, type, &v, sizeof(v));
}

void put_u16(struct nlbuf *b, unsigned type, uint16_t v)
{
	put_attr(b, type, &v, sizeof(v));
}

void put_u32(struct nlbuf *b, unsigned type, uint32_t v)
{
	put_attr(b, type, &v, sizeof(v));
}

void put_u64(struct nlbuf *b, unsigned type, uint64_t v)
{
	put_attr(b, type, &v, sizeof(v));
}

void put_str(struct nlbuf *b, unsigned type, const char *s)
{
	put_attr(b, type, s, strlen(s) + 1);
}

void put_copy(struct nlbuf *b, const struct nlattr *a)
{
	nlbuf_raw(b, a, a->nla_len);
}

size_t nest_begin(struct nlbuf *b, unsigned type)
{
	size_t at = b->len;

	put_attr(b, type, NULL, 0);
	return at;
}

void nest_end(struct nlbuf *b, size_t nest)
{
	struct nlattr *a = (void *)(b->data + nest);

	assert(b->len - nest <= UINT16_MAX);
	a->nla_len = (uint16_t)(b->len - nest);
}

/* The offset of the attribute at fault, counted from the request's header as programs
 * expect it; 0 when there is none inside the request. */
static uint32_t fault_offset(const struct nlmsghdr *request, const struct extack *ea)
{
	uintptr_t at = (uintptr_t)ea->attr, start = (uintptr_t)request;

	if (ea->offset)
		return ea->offset;
	return at > start && at - start < request->nlmsg_len ? (uint32_t)(at - start) : 0;
}

void put_ack(struct nlbuf *b, const struct nlmsghdr *request, uint32_t pid, int err,
	     const struct extack *ea, bool with_tlvs, bool capped)
{
	/* An acknowledgement never repeats the request's payload, asked to or not. */
	bool whole = err && !capped;
	uint16_t flags = whole ? 0 : NLM_F_CAPPED;
	struct nlmsgerr head = {.error = err, .msg = *request};
	size_t msg;
	uint32_t offset;

	assert(err <= 0);
	msg = msg_begin(b, NLMSG_ERROR, flags, request->nlmsg_seq, pid, &head,
			sizeof(head));
	if (whole)
		nlbuf_raw(b, request + 1, request->nlmsg_len - NLMSG_HDRLEN);
	offset = ea && err ? fault_offset(request, ea) : 0;
	if (with_tlvs && ea && (ea->msg[0] || offset)) {
		((struct nlmsghdr *)(void *)(b->data + msg))->nlmsg_flags |=
			NLM_F_ACK_TLVS;
		if (ea->msg[0])
			put_str(b, NLMSGERR_ATTR_MSG, ea->msg);
		if (offset)
			put_u32(b, NLMSGERR_ATTR_OFFS, offset);
	}
	msg_end(b, msg);
}
