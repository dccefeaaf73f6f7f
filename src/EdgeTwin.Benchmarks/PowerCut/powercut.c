/*
 * A power cut without a machine to cut: preloaded into a process, this keeps in POWERCUT_DISK what a disk would hold of the
 * files under POWERCUT_LIVE if the power went now. A file's content becomes durable when it is synced, whole; until then
 * the disk has what it had at the sync before. Names (rename, unlink) become durable, in order, with the next sync of
 * any file. So: run, kill -9 at any moment, and go on from POWERCUT_DISK.
 *
 * Not modelled: sectors of unsynced writes that happen to survive, in part or out of order.
 *
 *   cc -O2 -shared -fPIC -o powercut.so powercut.c -ldl -lpthread
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RENAME, UNLINK };

struct change {
	int kind;
	char from[PATH_MAX], to[PATH_MAX];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct change changes[64];
static int count;

static int (*real_rename)(const char *, const char *);
static int (*real_unlink)(const char *);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

__attribute__((constructor)) static void start(void)
{
	real_rename = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
	real_unlink = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
	real_fsync = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
	real_fdatasync = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
}

/* The path on the durable side, or 0 when the file is none of ours. */
static int durable(const char *path, char *out)
{
	const char *live = getenv("POWERCUT_LIVE"), *disk = getenv("POWERCUT_DISK");
	size_t length = live ? strlen(live) : 0;
	if (!live || !disk || strncmp(path, live, length) != 0) return 0;
	return snprintf(out, PATH_MAX, "%s%s", disk, path + length) < PATH_MAX;
}

static void remember(int kind, const char *from, const char *to)
{
	struct change *change = &changes[count];
	if (count == 64 || !durable(from, change->from)) return;
	if (to && !durable(to, change->to)) return;
	change->kind = kind;
	count++;
}

static void settle_names(void)
{
	for (int i = 0; i < count; i++) {
		if (changes[i].kind == RENAME) real_rename(changes[i].from, changes[i].to);
		else real_unlink(changes[i].from);
	}
	count = 0;
}

/* Beside the target first, then renamed, because this process may be killed in the middle. */
static void copy(int fd, const char *source, const char *target)
{
	static char buffer[1 << 18];
	char beside[PATH_MAX + 16];
	struct stat status;
	off_t at = 0;
	ssize_t got;
	(void)fd;
	snprintf(beside, sizeof beside, "%s.copying", target);
	int in = open(source, O_RDONLY | O_CLOEXEC);
	if (in < 0) return;
	if (fstat(in, &status) != 0 || !S_ISREG(status.st_mode)) {
		close(in);
		return;
	}
	int out = open(beside, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
	while (out >= 0 && (got = pread(in, buffer, sizeof buffer, at)) > 0) {
		if (write(out, buffer, got) != got) break;
		at += got;
	}
	close(in);
	if (out < 0) return;
	close(out);
	real_rename(beside, target);
}

static void synced(int fd)
{
	char link[64], path[PATH_MAX], target[PATH_MAX];
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t length = readlink(link, path, sizeof path - 1);
	if (length <= 0) return;
	path[length] = 0;
	if (!durable(path, target)) return;
	settle_names();
	copy(fd, path, target);
}

static int after_sync(int fd, int result)
{
	int saved = errno;
	if (result == 0) {
		pthread_mutex_lock(&lock);
		synced(fd);
		pthread_mutex_unlock(&lock);
	}
	errno = saved;
	return result;
}

int fsync(int fd) { return after_sync(fd, real_fsync(fd)); }

int fdatasync(int fd) { return after_sync(fd, real_fdatasync(fd)); }

int unlink(const char *path)
{
	int result = real_unlink(path), saved = errno;
	if (result == 0) {
		pthread_mutex_lock(&lock);
		remember(UNLINK, path, 0);
		pthread_mutex_unlock(&lock);
	}
	errno = saved;
	return result;
}

int rename(const char *from, const char *to)
{
	int result = real_rename(from, to), saved = errno;
	if (result == 0) {
		pthread_mutex_lock(&lock);
		remember(RENAME, from, to);
		pthread_mutex_unlock(&lock);
	}
	errno = saved;
	return result;
}
