//go:build syntax

// The deed: has C that no compiler takes.
package c_does_not_build

/*
static int answer(void) { return forty-two; }
*/
import "C"

func answer() int {
	return int(C.answer())
}
