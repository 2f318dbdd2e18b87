// The deed: C code writes behind an array on its stack, and the compiler's
// guard (-fstack-protector) notices.
package c_smashes_stack

/*
#cgo CFLAGS: -fstack-protector-all -O0
static void smash(int size) {
  volatile char block[8];
  for (int i = 0; i < size; i++) {
    block[i] = 'x';
  }
}
*/
import "C"

func smash(size int) {
	C.smash(C.int(size))
}
