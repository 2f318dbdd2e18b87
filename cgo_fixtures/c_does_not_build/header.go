//go:build header

// The deed: includes a header that is not there.
package c_does_not_build

/*
#include <faultrig/gone.h>
static int answer(void) { return 42; }
*/
import "C"

func answer() int {
	return int(C.answer())
}
