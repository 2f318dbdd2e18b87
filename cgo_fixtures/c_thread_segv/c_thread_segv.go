// The deed: a thread that C made, unknown to Go, writes through a null pointer.
package c_thread_segv

/*
#cgo LDFLAGS: -lpthread
#include <pthread.h>

static void *write_nowhere(void *unused) {
  *(volatile int *)0 = 1;
  return unused;
}

static int crash_elsewhere(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, write_nowhere, NULL) != 0) {
    return 1;
  }
  return pthread_join(thread, NULL);
}
*/
import "C"

func crashElsewhere() int {
	return int(C.crash_elsewhere())
}
