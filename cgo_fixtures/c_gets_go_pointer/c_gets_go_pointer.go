// The deed: gives C a Go pointer to a Go pointer.
package c_gets_go_pointer

/*
typedef struct { int *value; } box;

static int look(box *given) {
  return *given->value;
}
*/
import "C"

func look() int {
	value := C.int(7)
	given := &C.box{value: &value}
	return int(C.look(given))
}
