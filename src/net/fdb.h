/* SPDX-License-Identifier: BSD-2-Clause
 *
 * fdb - a forwarding database: which port a station (MAC address and VLAN) is behind.
 */
#pragma once

#include "base/clock.h"

struct fdb;
