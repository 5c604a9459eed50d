/* SPDX-License-Identifier: BSD-2-Clause
 *
 * relation - for net/dev.c: what a device's death and changes mean to those it is tied to.
 */
#pragma once

#include "net/dev.h"

/* @dev is about to die, or was never finished: its ports become free, it leaves its master,
 * what stands on it dies, and it stands on nothing any more. */
void relations_end(struct dev *dev);

/* @dev is not as it was: its master and the devices on top of it hear of it. */
void relations_tell(struct dev *dev, enum dev_change what);
