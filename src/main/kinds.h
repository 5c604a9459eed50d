/* SPDX-License-Identifier: BSD-2-Clause
 *
 * kinds - the table of all kinds of devices.
 */
#pragma once

#include "net/dev.h"

/* NULL-terminated, for net_init. */
extern const struct dev_kind *const dev_kinds[];
