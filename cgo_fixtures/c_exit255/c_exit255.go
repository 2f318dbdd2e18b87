// The deed: C code calls exit(255) in the middle of a Go test.
package c_exit255

/*
#include <stdlib.h>
*/
import "C"

func exit(code int) {
	C.exit(C.int(code))
}
