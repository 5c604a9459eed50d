/* SPDX-License-Identifier: BSD-2-Clause
 *
 * list - intrusive doubly linked lists.  A head and a member are the same struct; an
 * unlinked member is zero, so zeroed memory is a member that is in no list.
 */
#pragma once

#include "base/base.h"

struct list {
	struct list *next, *prev;
};

#define LIST_INIT(head) \
	{ \
		&(head), &(head) \
	}

static inline void list_init(struct list *head)
{
	head->next = head->prev = head;
}

static inline bool list_is_empty(const struct list *head)
{
	return head->next == head;
}

static inline bool list_is_linked(const struct list *item)
{
	return item->next;
}

static inline void list_insert_before(struct list *item, struct list *next)
{
	item->next = next;
	item->prev = next->prev;
	next->prev->next = item;
	next->prev = item;
}

static inline void list_append(struct list *head, struct list *item)
{
	list_insert_before(item, head);
}

static inline void list_prepend(struct list *head, struct list *item)
{
	list_insert_before(item, head->next);
}

/* Does nothing to an item that is in no list. */
static inline void list_remove(struct list *item)
{
	if (!item->next)
		return;
	item->next->prev = item->prev;
	item->prev->next = item->next;
	item->next = item->prev = NULL;
}

#define list_item(ptr, type, member) container_of(ptr, type, member)

#define list_first(head, type, member) \
	(list_is_empty(head) ? NULL : list_item((head)->next, type, member))

/* Where @var's member is.  At a loop's end @var is not a real object, so nothing of it may be
 * named, only reckoned. */
#define list_of(var, member) \
	((struct list *)(void *)((char *)(var) + offsetof(__typeof__(*(var)), member)))

/* The body may not remove @var; list_foreach_safe's body may. */
#define list_foreach(var, head, member) \
	for (var = list_item((head)->next, __typeof__(*var), member); \
	     list_of(var, member) != (head); \
	     var = list_item(list_of(var, member)->next, __typeof__(*var), member))

#define list_foreach_safe(var, tmp, head, member) \
	for (var = list_item((head)->next, __typeof__(*var), member), \
	    tmp = list_item(list_of(var, member)->next, __typeof__(*var), member); \
	     list_of(var, member) != (head); var = tmp, \
	    tmp = list_item(list_of(tmp, member)->next, __typeof__(*var), member))
