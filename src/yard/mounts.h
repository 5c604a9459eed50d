/* SPDX-License-Identifier: BSD-2-Clause
 *
 * mounts - what the yard's programs see below /proc, /sys and /run.
 *
 * Works on the caller's own, new mount namespace: nothing on the host changes.
 */
#pragma once

#include "base/extack.h"

/* Stop the yard's mounts from reaching the host; the host's still come in. */
int mounts_detach(struct extack *why) must_check;

/* A /proc that shows the yard's processes. */
int mounts_proc(struct extack *why) must_check;

/* A /sys that shows the yard's devices; the old cgroup tree stays on it.  Returns -EROFS if
 * /sys is read-only: then it is left alone, because "ip netns exec" copes with a read-only
 * /sys but not with one that it cannot mount again. */
int mounts_sys(struct extack *why) must_check;

/* A /run/netns of the yard's own, where "ip netns" keeps its names.  Where the host has none,
 * /run is built anew with everything in it, since making one there would be seen outside. */
int mounts_netns_names(struct extack *why) must_check;
