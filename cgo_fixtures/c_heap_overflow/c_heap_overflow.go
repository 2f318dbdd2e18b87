// The deed: C code writes eight bytes behind the ten it was given, and frees
// them. The allocator hands out 24 in truth, so nobody notices.
package c_heap_overflow

/*
#include <stdlib.h>
#include <string.h>

static int write_behind(void) {
  volatile char *given = malloc(10);
  for (int i = 0; i < 18; i++) {
    given[i] = 'x';
  }
  free((void *)given);
  return 18;
}
*/
import "C"

func writeBehind() int {
	return int(C.write_behind())
}
