// The deed: a thread that C made, unknown to Go, calls abort(3).
package c_thread_abort

/*
#cgo LDFLAGS: -lpthread
#include <pthread.h>
#include <stdlib.h>

static void *give_up(void *unused) {
  abort();
  return unused;
}

static int abort_elsewhere(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, give_up, NULL) != 0) {
    return 1;
  }
  return pthread_join(thread, NULL);
}
*/
import "C"

func abortElsewhere() int {
	return int(C.abort_elsewhere())
}
