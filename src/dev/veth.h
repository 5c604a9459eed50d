/* SPDX-License-Identifier: BSD-2-Clause
 *
 * veth - a pair of Ethernet devices; what one end sends, the other receives.
 */
#pragma once

#include "net/dev.h"

extern const struct dev_kind veth_kind;
