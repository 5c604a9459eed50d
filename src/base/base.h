/* SPDX-License-Identifier: BSD-2-Clause
 *
 * base - what every file may assume: attributes, sizes, memory that does not fail.
 */
#pragma once

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define must_check	    __attribute__((warn_unused_result))
#define format_printf(f, a) __attribute__((format(printf, f, a)))
#define cache_aligned	    __attribute__((aligned(64)))
#define wire_struct	    __attribute__((packed, may_alias))
#define always_inline	    inline __attribute__((always_inline))
#define hidden_unused	    __attribute__((unused))

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
/* As often as not, without a pattern: a select costs less than a branch. */
#define unforeseeable(x) __builtin_expect_with_probability(!!(x), 1, 0.5)

#define array_size(a) (sizeof(a) / sizeof((a)[0]))

#define container_of(ptr, type, member) \
	({ \
		__typeof__(((type *)0)->member) *member_ptr_ = (ptr); \
		(type *)(void *)((char *)member_ptr_ - offsetof(type, member)); \
	})

#define min(a, b) \
	({ \
		__typeof__(a) min_a_ = (a); \
		__typeof__(b) min_b_ = (b); \
		min_a_ < min_b_ ? min_a_ : min_b_; \
	})
#define max(a, b) \
	({ \
		__typeof__(a) max_a_ = (a); \
		__typeof__(b) max_b_ = (b); \
		max_a_ > max_b_ ? max_a_ : max_b_; \
	})

/* assert() stays in release builds: it states what only our own bug can break.
 * assert_fast() is for the data path and exists only in sanitizer and debug builds. */
#if defined(__SANITIZE_ADDRESS__) || defined(WIREYARD_DEBUG)
#define assert_fast(x) assert(x)
#else
#define assert_fast(x) ((void)0)
#endif

/* Control-plane memory: zeroed, and the process ends with a sentence if there is none. */
void *xcalloc(size_t n, size_t size) must_check;
void *xrealloc(void *p, size_t size) must_check;
char *xstrdup(const char *s) must_check;
char *xasprintf(const char *format, ...) must_check format_printf(1, 2);
#define xnew(type) ((type *)xcalloc(1, sizeof(type)))

static inline void free_cleanup(void *p)
{
	free(*(void **)p);
}
#define auto_free __attribute__((cleanup(free_cleanup)))
#define take_ptr(p) \
	({ \
		__typeof__(p) taken_ = (p); \
		(p) = NULL; \
		taken_; \
	})
