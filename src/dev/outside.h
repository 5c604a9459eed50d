/* SPDX-License-Identifier: BSD-2-Clause
 *
 * outside - a device that is the kernel's own, seen from the engine.
 */
#pragma once

#include "net/dev.h"

extern const struct dev_kind outside_kind;

static inline bool is_outside(const struct dev *dev)
{
	return dev->kind == &outside_kind;
}
