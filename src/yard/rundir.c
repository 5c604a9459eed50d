/* SPDX-License-Identifier: BSD-2-Clause
 *
 * rundir - making, finding and sweeping the runtime directories of yards.
 */
#include "yard/rundir.h"

#include "base/ctl_proto.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>

#define DESCRIPTION	"yard.json"
#define DESCRIPTION_NEW "yard.json.new"
#define UNNAMED_MAX	100000
#define DIR_FLAGS	(O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

int yard_name_check(const char *name, struct extack *why)
{
	static const char allowed[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789._-";
	size_t len = strlen(name);

	if (len < 1 || len > YARD_NAME_MAX)
		return extack_set(
			why, -EINVAL,
			"the yard name \"%.*s%s\" has %zu characters, not 1 to %d",
			YARD_NAME_MAX, name, len > YARD_NAME_MAX ? "..." : "", len,
			YARD_NAME_MAX);
	if (strspn(name, allowed) != len)
		return extack_set(
			why, -EINVAL,
			"the yard name \"%s\" may only contain A-Z a-z 0-9 . _ -", name);
	if (name[0] == '.' || name[0] == '-')
		return extack_set(why, -EINVAL,
				  "the yard name \"%s\" may not begin with \"%c\"", name,
				  name[0]);
	return 0;
}

/* Inside a yard the user looks like root, and the base is where the yard's maker had it. */
static bool rundir_open_told(struct rundir *d)
{
	const char *base = getenv(RUNDIR_ENV), *slash = base ? strrchr(base, '/') : NULL;
	char above[PATH_MAX];

	if (!slash || base[0] != '/' || strlen(slash + 1) >= sizeof(d->base_name) ||
	    snprintf(above, sizeof(above), "%.*s/", (int)(slash - base), base) >=
		    (int)sizeof(above))
		return false;
	snprintf(d->base_name, sizeof(d->base_name), "%s", slash + 1);
	d->above = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return d->above >= 0;
}

/* The directory above all yards' directories, and the name of the base in it. */
static int rundir_open_above(struct rundir *d, struct extack *why)
{
	const char *wanted = getenv("XDG_RUNTIME_DIR"), *path = "/run";
	struct stat st;

	if (rundir_open_told(d))
		return 0;
	snprintf(d->base_name, sizeof(d->base_name), "wireyard");
	if (wanted && wanted[0] == '/') {
		d->above = open(wanted, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (d->above >= 0 && !fstat(d->above, &st) && st.st_uid == geteuid())
			return 0;
		fd_close(&d->above); /* another user's, as after su: not ours to use */
	}
	if (geteuid() != 0) {
		path = "/tmp";
		snprintf(d->base_name, sizeof(d->base_name), "wireyard-%u", geteuid());
	}
	d->above = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->above < 0)
		return extack_set(why, -errno, "%s cannot be opened: %m", path);
	return 0;
}

/* Open the base, and make it if @create.  -ENOENT without a sentence if there is none. */
static int rundir_open_base(struct rundir *d, bool create, struct extack *why)
{
	struct stat st;
	int err;

	if (create && mkdirat(d->above, d->base_name, 0700) && errno != EEXIST)
		return extack_set(
			why, -errno,
			"the runtime directory %s cannot be made: %m; set XDG_RUNTIME_DIR "
			"to a directory of your own",
			d->base_name);
	d->base = openat(d->above, d->base_name, DIR_FLAGS);
	if (d->base < 0 && errno == ENOENT)
		return -ENOENT;
	if (d->base < 0 || fstat(d->base, &st)) {
		err = -errno;
		return extack_set(
			why, err,
			"the runtime directory %s is not a directory that can be opened "
			"(%s); remove it or set XDG_RUNTIME_DIR",
			d->base_name, strerror(-err));
	}
	if (st.st_uid != geteuid() || (st.st_mode & 077))
		return extack_set(
			why, -EPERM,
			"the runtime directory %s is not yours alone; remove it or set "
			"XDG_RUNTIME_DIR",
			d->base_name);
	return 0;
}

static int rundir_open_yard(struct rundir *d, const char *name)
{
	d->self = openat(d->base, name, DIR_FLAGS);
	if (d->self < 0)
		return -errno;
	snprintf(d->name, sizeof(d->name), "%.*s", YARD_NAME_MAX, name);
	return 0;
}

/* One who is stopped while it holds the lock must not hang the others for good, but such a
 * stop would have to hit a few microseconds: waiting is right. */
static int rundir_lock_base(const struct rundir *d, struct extack *why)
{
	while (flock(d->base, LOCK_EX))
		if (errno != EINTR)
			return extack_set(why, -errno,
					  "the runtime directory %s cannot be locked: %m",
					  d->base_name);
	return 0;
}

/* Is the lock of the open directory @self free?  Shared, so that two who look at the same
 * time do not take each other for the owner. */
static bool is_abandoned(int self)
{
	if (flock(self, LOCK_SH | LOCK_NB))
		return false;
	flock(self, LOCK_UN);
	return true;
}

static void rundir_unlink(int base, int self, const char *name)
{
	unlinkat(self, CTL_SOCKET, 0);
	unlinkat(self, DESCRIPTION, 0);
	unlinkat(self, DESCRIPTION_NEW, 0);
	unlinkat(base, name, AT_REMOVEDIR);
}

/* Remove the directory @name of a yard that is gone.  The base is locked by the caller. */
static bool sweep_locked(int base, const char *name)
{
	auto_close int self = openat(base, name, DIR_FLAGS);

	if (self < 0)
		return errno == ENOENT;
	if (!is_abandoned(self))
		return false;
	rundir_unlink(base, self, name);
	return true;
}

/* An empty base is removed too; one who was just about to use it will make it again. */
static void rundir_remove_base(const struct rundir *d)
{
	unlinkat(d->above, d->base_name, AT_REMOVEDIR);
}

void rundir_remove(const struct rundir *d)
{
	rundir_unlink(d->base, d->self, d->name);
	rundir_remove_base(d);
}

void rundir_sweep(const struct rundir *d)
{
	if (d->base < 0 || rundir_lock_base(d, NULL))
		return;
	sweep_locked(d->base, d->name);
	flock(d->base, LOCK_UN);
	rundir_remove_base(d);
}

/* Make and lock NAME.  -EEXIST: it is taken.  -ENOENT: the base was removed meanwhile. */
static int rundir_take_name(struct rundir *d, const char *name)
{
	int err;

	if (mkdirat(d->base, name, 0700)) {
		if (errno != EEXIST)
			return -errno;
		if (!sweep_locked(d->base, name))
			return -EEXIST;
		if (mkdirat(d->base, name, 0700))
			return -errno;
	}
	err = rundir_open_yard(d, name);
	if (!err && flock(d->self, LOCK_EX)) /* waits at most for one who looks */
		err = -errno;
	return err;
}

static int rundir_take_any(struct rundir *d)
{
	int err = -EEXIST;

	for (unsigned i = 1; err == -EEXIST && i <= UNNAMED_MAX; i++) {
		char name[YARD_NAME_MAX + 1];

		snprintf(name, sizeof(name), "yard-%u", i);
		err = rundir_take_name(d, name);
	}
	return err;
}

int rundir_create(struct rundir *d, const char *name, struct extack *why)
{
	int err = name ? yard_name_check(name, why) : 0;

	*d = (struct rundir)RUNDIR_NONE;
	if (err)
		return err;
	err = rundir_open_above(d, why);
	if (err)
		return err;
	do {
		fd_close(&d->base);
		err = rundir_open_base(d, true, why);
		if (!err)
			err = rundir_lock_base(d, why);
		if (!err)
			err = name ? rundir_take_name(d, name) : rundir_take_any(d);
	} while (err == -ENOENT);
	if (d->base >= 0)
		flock(d->base, LOCK_UN);
	if (err == -EEXIST && name)
		extack_set(
			why, err,
			"yard \"%s\" already exists: enter it with \"wireyard exec -n %s\"",
			name, name);
	if (err) {
		extack_set(why, err,
			   "the runtime directory of the yard cannot be made: %s",
			   strerror(-err));
		rundir_close(d);
	}
	return err;
}

int rundir_release(struct rundir *d, struct extack *why)
{
	fd_close(&d->self);
	d->self = openat(d->base, d->name, DIR_FLAGS);
	if (d->self < 0)
		return extack_set(why, -errno, "yard \"%s\" has just ended", d->name);
	return 0;
}

int rundir_open(struct rundir *d, const char *name, struct extack *why)
{
	int err = yard_name_check(name, why);

	*d = (struct rundir)RUNDIR_NONE;
	if (!err)
		err = rundir_open_above(d, why);
	if (!err)
		err = rundir_open_base(d, false, why);
	if (!err)
		err = rundir_open_yard(d, name);
	if (!err && is_abandoned(d->self)) {
		fd_close(&d->self);
		rundir_sweep(d);
		err = -ENOENT;
	}
	if (err) {
		if (err == -ENOENT)
			extack_set(why, err, "there is no yard \"%s\"", name);
		extack_set(why, err, "yard \"%s\" cannot be opened: %s", name,
			   strerror(-err));
		rundir_close(d);
	}
	return err;
}

static int is_yard_entry(const struct dirent *entry)
{
	return !yard_name_check(entry->d_name, NULL);
}

int rundir_each(int (*fn)(const struct rundir *d, void *arg), void *arg,
		struct extack *why)
{
	struct rundir d = RUNDIR_NONE;
	struct dirent **names = NULL;
	int err = rundir_open_above(&d, why), n = 0;

	if (!err)
		err = rundir_open_base(&d, false, why);
	if (!err) {
		n = scandirat(d.base, ".", &names, is_yard_entry, versionsort);
		if (n < 0)
			err = extack_set(why, -errno,
					 "the runtime directory %s cannot be read: %m",
					 d.base_name);
	}
	for (int i = 0; i < n; i++) {
		if (!err && !rundir_open_yard(&d, names[i]->d_name)) {
			if (is_abandoned(d.self))
				rundir_sweep(&d);
			else
				err = fn(&d, arg);
			fd_close(&d.self);
		}
		free(names[i]);
	}
	free(names);
	if (d.base >= 0)
		rundir_remove_base(&d); /* empty, if a starter was killed early */
	rundir_close(&d);
	return err == -ENOENT ? 0 : err;
}

void rundir_tell(const struct rundir *d)
{
	char link[64], above[PATH_MAX - sizeof(d->base_name) - 1], base[PATH_MAX];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", d->above);
	n = readlink(link, above, sizeof(above) - 1);
	if (n <= 0)
		return;
	above[n] = 0;
	snprintf(base, sizeof(base), "%s/%s", n > 1 ? above : "", d->base_name);
	setenv(RUNDIR_ENV, base, 1);
}

bool rundir_is_alive(const struct rundir *d)
{
	struct stat st;

	return !is_abandoned(d->self) && !fstat(d->self, &st) && st.st_nlink > 0;
}

void rundir_close(struct rundir *d)
{
	fd_close(&d->self);
	fd_close(&d->base);
	fd_close(&d->above);
}

int rundir_describe(const struct rundir *d, json_t *description, struct extack *why)
{
	auto_close int fd =
		openat(d->self, DESCRIPTION_NEW,
		       O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	/* Renamed when whole: whoever reads it reads all of it. */
	if (fd < 0 || json_dumpfd(description, fd, JSON_COMPACT) ||
	    renameat(d->self, DESCRIPTION_NEW, d->self, DESCRIPTION))
		return extack_set(why, -errno,
				  "the yard's description cannot be written: %m");
	return 0;
}

json_t *rundir_description(const struct rundir *d)
{
	auto_close int fd =
		openat(d->self, DESCRIPTION, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? NULL : json_loadfd(fd, 0, NULL);
}
