// The deed: an assertion in C does not hold.
package c_asserts

/*
#undef NDEBUG
#include <assert.h>

static void check(int apples) {
  assert(apples == 3);
}
*/
import "C"

func check(apples int) {
	C.check(C.int(apples))
}
