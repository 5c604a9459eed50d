/* SPDX-License-Identifier: BSD-2-Clause
 *
 * mounts - gives the yard its own /proc, /sys and /run/netns.
 */
#include "yard/mounts.h"

#include "base/fd.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#define CGROUPS	    "/sys/fs/cgroup"
#define NETNS_NAMES "/run/netns"
/* Where the new /run is put together: any directory that exists everywhere. */
#define STAGE "/sys"

int mounts_detach(struct extack *why)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL))
		return extack_set(why, -errno, "the mounts cannot be made private (%m)");
	return 0;
}

int mounts_proc(struct extack *why)
{
	if (!mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL))
		return 0;
	return extack_set(
		why, -errno,
		"a /proc of the yard's own cannot be mounted (%m): the host hides parts of "
		"/proc, as containers do; start the container with its /proc unmasked "
		"(docker: --security-opt systempaths=unconfined)");
}

static bool is_mount_of_its_own(const char *path, const char *above)
{
	struct stat st, st_above;

	return !stat(path, &st) && !stat(above, &st_above) &&
	       st.st_dev != st_above.st_dev;
}

/* A detached copy of @path with everything mounted below it. */
static int tree_take(int dirfd, const char *path)
{
	int fd = open_tree(dirfd, path,
			   OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE |
				   AT_SYMLINK_NOFOLLOW);

	return fd < 0 ? -errno : fd;
}

static int tree_put(int tree, int dirfd, const char *path)
{
	return move_mount(tree, "", dirfd, path, MOVE_MOUNT_F_EMPTY_PATH) ? -errno : 0;
}

int mounts_sys(struct extack *why)
{
	auto_close int cgroups = -1;
	struct statvfs sys;

	if (!statvfs("/sys", &sys) && (sys.f_flag & ST_RDONLY))
		return -EROFS;
	if (is_mount_of_its_own(CGROUPS, "/sys/fs"))
		cgroups = tree_take(AT_FDCWD, CGROUPS);
	if (mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL))
		return extack_set(
			why, -errno,
			"a /sys of the yard's own cannot be mounted (%m), so \"ip netns exec\" "
			"would fail: the host hides parts of /sys, as containers do; start the "
			"container with its /sys unmasked (docker: --security-opt "
			"systempaths=unconfined)");
	if (cgroups >= 0 && tree_put(cgroups, AT_FDCWD, CGROUPS))
		return extack_set(why, -errno,
				  "the cgroups cannot be put back below /sys (%m)");
	return 0;
}

/* Make what a mount of @name can be put on: a directory, or for all else an empty file. */
static int stage_make_point(int stage, const char *name, mode_t mode)
{
	int fd;

	if (S_ISDIR(mode))
		return mkdirat(stage, name, 0755) ? -errno : 0;
	fd = openat(stage, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int stage_copy_link(int run, int stage, const char *name)
{
	char target[4096];
	ssize_t len = readlinkat(run, name, target, sizeof(target) - 1);

	if (len < 0)
		return -errno;
	target[len] = 0;
	return symlinkat(target, stage, name) ? -errno : 0;
}

/* Bring one entry of /run over to the stage.  One that vanished meanwhile is no fault. */
static int stage_bring(int run, int stage, const char *name)
{
	auto_close int tree = -1;
	struct stat st;
	int err;

	if (fstatat(run, name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : -errno;
	if (S_ISLNK(st.st_mode))
		return stage_copy_link(run, stage, name);
	tree = tree_take(run, name);
	if (tree < 0)
		return tree == -ENOENT ? 0 : tree;
	err = stage_make_point(stage, name, st.st_mode);
	return err ? err : tree_put(tree, stage, name);
}

static int stage_bring_all(struct extack *why)
{
	auto_close int stage = open(STAGE, O_PATH | O_DIRECTORY | O_CLOEXEC);
	DIR *run = opendir("/run");
	struct dirent *entry;
	int err = 0;

	if (!run || stage < 0)
		err = extack_set(why, -errno, "/run cannot be read (%m)");
	while (!err && (entry = readdir(run))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		err = stage_bring(dirfd(run), stage, entry->d_name);
		if (err)
			extack_set(why, err,
				   "/run/%s cannot be brought into the yard (%s)",
				   entry->d_name, strerror(-err));
	}
	if (!err && mkdirat(stage, "netns", 0755) && errno != EEXIST)
		err = extack_set(why, -errno, "%s cannot be made (%m)", NETNS_NAMES);
	if (run)
		closedir(run);
	return err;
}

/* The new /run is built on a stage and moved into place whole. */
static int mounts_rebuild_run(struct extack *why)
{
	int err;

	if (mount("wireyard-run", STAGE, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755"))
		return extack_set(why, -errno, "a tmpfs for /run cannot be mounted (%m)");
	err = stage_bring_all(why);
	if (!err && mount(STAGE, "/run", NULL, MS_MOVE, NULL))
		err = extack_set(why, -errno, "the new /run cannot be put in place (%m)");
	if (err)
		umount2(STAGE, MNT_DETACH);
	return err;
}

int mounts_netns_names(struct extack *why)
{
	struct stat st;

	if (stat(NETNS_NAMES, &st))
		return mounts_rebuild_run(why);
	if (mount("wireyard-netns", NETNS_NAMES, "tmpfs",
		  MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0755"))
		return extack_set(why, -errno, "a tmpfs for %s cannot be mounted (%m)",
				  NETNS_NAMES);
	return 0;
}
