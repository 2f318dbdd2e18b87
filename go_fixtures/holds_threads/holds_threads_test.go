// The deed: keeps many threads for itself, as a program does that
// waits in C or in files on forty goroutines at once.
package holds_threads

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	"faultrig.example/fixtures/internal/fixture"
)

func TestHoldsThreads(t *testing.T) {
	wanted := fixture.Number("FIXTURE_CHILDREN", 40)
	var all, held sync.WaitGroup
	release := make(chan struct{})
	for i := 0; i < wanted; i++ {
		all.Add(1)
		held.Add(1)
		go func() {
			// A goroutine that is locked to its thread keeps it for itself.
			runtime.LockOSThread()
			held.Done()
			<-release
			all.Done()
		}()
	}
	held.Wait()
	fmt.Printf("holding %d threads\n", wanted)
	close(release)
	all.Wait()
}
