// The deed: ends the main goroutine, and leaves nobody to go on.
package goexits_main

import (
	"runtime"
	"testing"
)

func TestMain(m *testing.M) {
	runtime.Goexit()
}

func TestNeverRuns(t *testing.T) {
	t.Fatal("came here without a main goroutine")
}
