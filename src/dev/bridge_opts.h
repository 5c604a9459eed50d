/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_opts - the settings of a bridge and of its ports as rows, and what Linux checks of
 * them.
 */
#pragma once

#include "dev/bridge.h"
#include "nl/opt.h"

extern const struct opt bridge_opts[];
extern const struct opt bridge_port_opts[];

/* -ERANGE for times that 802.1D does not have. */
int bridge_check_times(const struct bridge_config *next) must_check;

/* What a port of the device's speed costs (802.1D-1998 table 8-5, Linux's numbers). */
uint32_t bridge_path_cost(const struct dev *port);
