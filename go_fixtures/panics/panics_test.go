// The deed: panics in the goroutine of its test.
package panics

import (
	"fmt"
	"testing"
)

func TestPanics(t *testing.T) {
	fmt.Println("panicking")
	surprise()
}

func surprise() {
	panic("something is rotten")
}
