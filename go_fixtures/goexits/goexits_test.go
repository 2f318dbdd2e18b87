// The deed: ends the goroutine of its test behind the back of testing.
package goexits

import (
	"runtime"
	"testing"
)

func TestGoexits(t *testing.T) {
	runtime.Goexit()
}
