// The deed: holds more threads than it allows itself.
package needs_threads

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"faultrig.example/fixtures/internal/fixture"
)

const (
	allowed = 10
	wanted  = 20
)

func TestNeedsThreads(t *testing.T) {
	debug.SetMaxThreads(allowed)
	for i := 0; i < wanted; i++ {
		go func() {
			// A goroutine that is locked to its thread keeps it for itself.
			runtime.LockOSThread()
			select {}
		}()
	}
	time.Sleep(fixture.Wait())
}
