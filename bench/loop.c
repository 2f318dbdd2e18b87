/* loop getppid|open|time COUNT: nanoseconds a call, on stdout; loop wall: the
   wall clock, in seconds. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char** argv) {
  struct timespec start, end;
  long count = argc > 2 ? atol(argv[2]) : 1000;
  int times = argc > 1 && strcmp(argv[1], "time") == 0;
  int opens = argc > 1 && strcmp(argv[1], "open") == 0;
  if (argc > 1 && strcmp(argv[1], "wall") == 0) {
    printf("%ld\n", (long)time(NULL));
    return 0;
  }
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (long i = 0; i < count; ++i) {
    if (opens) {
      int fd = open("/etc/hostname", O_RDONLY);
      if (fd >= 0) {
        close(fd);
      }
    } else if (times) {
      struct timespec now;
      clock_gettime(CLOCK_REALTIME, &now);
    } else {
      syscall(SYS_getppid);
    }
  }
  clock_gettime(CLOCK_MONOTONIC, &end);
  double ns = (end.tv_sec - start.tv_sec) * 1e9 + (end.tv_nsec - start.tv_nsec);
  printf("%.0f\n", ns / count);
  return 0;
}
