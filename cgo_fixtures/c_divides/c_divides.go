// The deed: C code divides by zero, for which the processor has a fault.
package c_divides

/*
static int divide(int a, int b) {
  return a / b;
}
*/
import "C"

func divide(a, b int) int {
	return int(C.divide(C.int(a), C.int(b)))
}
