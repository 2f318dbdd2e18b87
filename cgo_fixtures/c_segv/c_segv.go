// The deed: C code writes through a null pointer, on the thread of a goroutine.
package c_segv

/*
static void write_nowhere(void) {
  *(volatile int *)0 = 1;
}
*/
import "C"

func writeNowhere() {
	C.write_nowhere()
}
