// The deed: C code frees what malloc never gave.
package c_frees_foreign

/*
#include <stdlib.h>

static void free_foreign(int offset) {
  char *volatile block = malloc(64);
  char *volatile inside = block + offset;
  free(inside);
}
*/
import "C"

func freeForeign() {
	C.free_foreign(16)
}
