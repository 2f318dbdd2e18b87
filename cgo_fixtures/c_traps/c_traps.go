// The deed: C code comes to an instruction that is none (__builtin_trap).
package c_traps

/*
static void trap(void) {
  __builtin_trap();
}
*/
import "C"

func trap() {
	C.trap()
}
