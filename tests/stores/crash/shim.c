/* Stands between a process and the disk: kills it, or fails a call, at the n-th call that changes a file under a prefix.
   Built by the crash test and loaded with LD_PRELOAD; it does nothing until crash_arm is called. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { COUNT, KILL, TORN, ENOSPC_ONCE, EIO_ONCE, SHORT_ONCE, FULL, BROKEN };

static char prefix[4096];
static int mode = -1;
static long wanted, seen;

void crash_arm(const char *under, int how, long n) {
    snprintf(prefix, sizeof prefix, "%s", under);
    mode = how, wanted = n, seen = 0;
}

long crash_seen(void) { return seen; }

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* Whether this call is the one: 1 at the n-th, 2 after it. */
static int at(const char *path) {
    if (mode < 0 || strncmp(path, prefix, strlen(prefix))) return 0;
    seen++;
    if (mode == KILL && seen == wanted) die();
    return seen == wanted ? 1 : seen > wanted ? 2 : 0;
}

static int at_fd(int fd) {
    char link[64], path[4096];
    if (mode < 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return at(path);
}

/* The error of a call that fails, 0 for one that is let through. */
static int fails(int here) {
    if (here == 1 && (mode == ENOSPC_ONCE || mode == EIO_ONCE)) return mode == EIO_ONCE ? EIO : ENOSPC;
    if (here && mode == BROKEN) return EIO;
    return here == 2 && mode == FULL ? ENOSPC : 0;
}

#define REAL(name, ...) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define WRITES(name, parameters, whole, half)                                  \
    ssize_t name parameters {                                                  \
        REAL(name);                                                            \
        int here = at_fd(fd), error = fails(here);                             \
        if (error) { errno = error; return -1; }                               \
        if (here == 1 && mode == TORN) { (void)!real half; die(); }            \
        if (here == 1 && (mode == SHORT_ONCE || mode == FULL) && n > 1) return real half; \
        return real whole;                                                     \
    }

#define CHANGES(name, parameters, where, whole)                                \
    int name parameters {                                                      \
        REAL(name);                                                            \
        int here = where, error = fails(here);                                 \
        if (error) { errno = error; return -1; }                               \
        int done = real whole;                                                 \
        if (here == 1 && mode == TORN) die();                                  \
        return done;                                                           \
    }

WRITES(write, (int fd, const void *from, size_t n), (fd, from, n), (fd, from, n / 2))
WRITES(pwrite, (int fd, const void *from, size_t n, off_t o), (fd, from, n, o), (fd, from, n / 2, o))
WRITES(pwrite64, (int fd, const void *from, size_t n, off64_t o), (fd, from, n, o), (fd, from, n / 2, o))
CHANGES(fsync, (int fd), at_fd(fd), (fd))
CHANGES(fdatasync, (int fd), at_fd(fd), (fd))
CHANGES(ftruncate, (int fd, off_t n), at_fd(fd), (fd, n))
CHANGES(ftruncate64, (int fd, off64_t n), at_fd(fd), (fd, n))
CHANGES(unlink, (const char *path), at(path), (path))
CHANGES(rename, (const char *from, const char *to), at(to), (from, to))
