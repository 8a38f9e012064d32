/* Makes each fsync and fdatasync take one millisecond longer: simulates a slower disk. Preloaded by the benchmark of commits.
   cc -shared -fPIC -O2 -o sync-delay.so sync-delay.c -ldl */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static void wait_a_millisecond(void) {
  struct timespec delay = {0, 1000000};
  nanosleep(&delay, 0);
}

int fsync(int fd) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  wait_a_millisecond();
  return real(fd);
}

int fdatasync(int fd) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  wait_a_millisecond();
  return real(fd);
}
