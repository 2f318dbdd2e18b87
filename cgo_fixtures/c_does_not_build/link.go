//go:build link

// The deed: calls a C function that nobody wrote.
package c_does_not_build

/*
int answer(void);
*/
import "C"

func answer() int {
	return int(C.answer())
}
