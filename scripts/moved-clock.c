// Moves the wall clock of a program and of all that it starts by CLOCK_MOVED_BY seconds; the monotonic clock stays real, because the kernel measures waits by it.
// cc -shared -fPIC -O2 -o moved-clock.so moved-clock.c, then LD_PRELOAD. Programs that ask the kernel without the C library are not moved.
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t moved_by(void) {
    static time_t seconds;
    static int is_known;
    if (!is_known) {
        const char *given = getenv("CLOCK_MOVED_BY");
        seconds = given ? strtol(given, NULL, 10) : 0;
        is_known = 1;
    }
    return seconds;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    int failed = (int)syscall(SYS_clock_gettime, clock, at);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) at->tv_sec += moved_by();
    return failed;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    struct timespec now;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &now)) return -1;
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *at) {
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now)) return (time_t)-1;
    if (at) *at = now.tv_sec;
    return now.tv_sec;
}
