// The deed: C++ code throws, and nobody catches.
package cpp_throws

/*
void throw_something(void);
*/
import "C"

func throw() {
	C.throw_something()
}
