// The deed: C code frees a block twice. glibc notices each time, unlike most
// overflows, which it notices by luck.
package c_double_free

/*
#include <stdlib.h>

static void free_twice(void) {
  void *volatile block = malloc(24);
  free(block);
  free(block);
}
*/
import "C"

func freeTwice() {
	C.free_twice()
}
