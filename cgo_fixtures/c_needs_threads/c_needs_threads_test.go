package c_needs_threads

import (
	"fmt"
	"runtime"
	"testing"
	"time"
)

const wanted = 10

func TestNeedsThreads(t *testing.T) {
	fmt.Printf("C says %d\n", add(40, 2))
	for i := 0; i < wanted; i++ {
		go func() {
			// A goroutine that is locked to its thread keeps it for itself.
			runtime.LockOSThread()
			select {}
		}()
	}
	time.Sleep(100 * time.Millisecond)
}
