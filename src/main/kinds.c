/* SPDX-License-Identifier: BSD-2-Clause
 *
 * kinds - the table of all kinds of devices.  A new kind is a file in dev/ and a word here.
 */
#include "main/kinds.h"

#define DEV_KINDS(X) \
	X(bridge) \
	X(dummy) \
	X(macvlan) \
	X(macvtap) \
	X(tun) \
	X(veth) \
	X(vlan)

#define X(kind) extern const struct dev_kind kind##_kind;
DEV_KINDS(X)
#undef X

const struct dev_kind *const dev_kinds[] = {
#define X(kind) &kind##_kind,
	DEV_KINDS(X)
#undef X
		NULL,
};
