/* SPDX-License-Identifier: BSD-2-Clause
 *
 * idmap - writes uid_map and gid_map.
 */
#include "yard/idmap.h"

#include "base/fd.h"

#include <fcntl.h>
#include <stdio.h>

static int idmap_write_file(pid_t pid, const char *which, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, which);
	return fd_write_file(AT_FDCWD, path, text);
}

/* All of the starter's own ids under their own numbers: "0 0 4294967295" on a host, the
 * container's ranges in a container. */
static int idmap_write_identity(pid_t pid, const char *which)
{
	char own_path[64], own[4096], text[4096];
	int len = 0;
	ssize_t n;

	snprintf(own_path, sizeof(own_path), "/proc/self/%s", which);
	n = fd_read_file(AT_FDCWD, own_path, own, sizeof(own));
	if (n < 0)
		return (int)n;
	for (char *rest = own, *line = strsep(&rest, "\n"); line;
	     line = strsep(&rest, "\n")) {
		unsigned first, outside, count;

		if (sscanf(line, "%u %u %u", &first, &outside, &count) != 3)
			continue;
		len += snprintf(text + len, sizeof(text) - (size_t)len, "%u %u %u\n",
				first, first, count);
		if ((size_t)len >= sizeof(text))
			return -E2BIG;
	}
	return idmap_write_file(pid, which, text);
}

static int idmap_write_single(pid_t pid)
{
	char text[64];
	int err;

	snprintf(text, sizeof(text), "0 %u 1\n", geteuid());
	err = idmap_write_file(pid, "uid_map", text);
	if (err)
		return err;
	err = idmap_write_file(pid, "setgroups", "deny");
	if (err)
		return err;
	snprintf(text, sizeof(text), "0 %u 1\n", getegid());
	return idmap_write_file(pid, "gid_map", text);
}

/* Root of a user namespace that knows nobody else, as after "unshare -r". */
static bool is_alone(void)
{
	char map[256];
	unsigned first, outside, count;

	return fd_read_file(AT_FDCWD, "/proc/self/uid_map", map, sizeof(map)) > 0 &&
	       sscanf(map, "%u %u %u", &first, &outside, &count) == 3 && count == 1;
}

int idmap_write(pid_t pid, bool *single_uid, struct extack *why)
{
	int err;

	*single_uid = geteuid() != 0;
	if (!*single_uid) {
		err = idmap_write_identity(pid, "uid_map");
		if (!err) {
			*single_uid = is_alone();
			return idmap_write_identity(pid, "gid_map");
		}
		*single_uid = true; /* a root without its powers is an ordinary user */
	}
	err = idmap_write_single(pid);
	if (err)
		return extack_set(
			why, err,
			"the user map of the yard cannot be written (%s): run it where /proc "
			"is writable and user namespaces are allowed",
			strerror(-err));
	return 0;
}
