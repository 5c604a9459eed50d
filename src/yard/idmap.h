/* SPDX-License-Identifier: BSD-2-Clause
 *
 * idmap - who a yard's users are outside.
 *
 * Started by root, a yard knows every user that its starter knows, under the same numbers.
 * Started by anyone else, it knows one: the starter, who is root inside.
 */
#pragma once

#include "base/extack.h"

#include <sys/types.h>

/* Write the maps of @pid's new user namespace from outside.  Sets *@single_uid. */
int idmap_write(pid_t pid, bool *single_uid, struct extack *why) must_check;
