// The deed: C code calls abort(3).
package c_abort

/*
#include <stdlib.h>
*/
import "C"

func abort() {
	C.abort()
}
