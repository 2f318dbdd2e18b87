// The deed: recurses until Go refuses it more stack.
package stack_overflow

import (
	"fmt"
	"runtime/debug"
	"testing"
)

// Go's own limit is a gigabyte, which takes a second to fill.
const limit = 16 << 20

func TestRecurses(t *testing.T) {
	defer func() {
		// Never reached: it is no panic.
		fmt.Println("recovered:", recover())
	}()
	debug.SetMaxStack(limit)
	fmt.Println("recursing")
	fmt.Println(deeper(0))
}

func deeper(depth int) int {
	var ballast [4096]byte
	ballast[depth%len(ballast)] = 1
	return deeper(depth+1) + int(ballast[0])
}
