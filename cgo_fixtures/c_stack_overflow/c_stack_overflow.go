// The deed: C code recurses until it runs out of stack. A C stack does not grow
// as Go's does; the kernel answers with SIGSEGV.
package c_stack_overflow

/*
static int deeper(int depth) {
  volatile char ballast[4096];
  ballast[depth % 4096] = 1;
  return deeper(depth + 1) + ballast[0];
}
*/
import "C"

func deeper(depth int) int {
	return int(C.deeper(C.int(depth)))
}
