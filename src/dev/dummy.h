/* SPDX-License-Identifier: BSD-2-Clause
 *
 * dummy - a device that takes every frame and forwards none.
 */
#pragma once

#include "net/dev.h"

extern const struct dev_kind dummy_kind;
