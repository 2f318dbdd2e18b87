// The deed: four threads open one file five times each, and count refusals.
package calls_parallel

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"faultrig.example/fixtures/internal/fixture"
)

const (
	threads = 4
	each    = 5
)

func TestCallsParallel(t *testing.T) {
	name := filepath.Join(t.TempDir(), "crowd")
	if err := os.Symlink("/dev/null", name); err != nil {
		t.Fatal(err)
	}
	refusals := make(chan error, threads*each)
	var running sync.WaitGroup
	for i := 0; i < threads; i++ {
		running.Add(1)
		go func() {
			defer running.Done()
			// The thread ends with the goroutine that holds it.
			runtime.LockOSThread()
			open(name, refusals)
		}()
	}
	running.Wait()
	close(refusals)
	report(refusals)
}

func open(name string, refusals chan<- error) {
	for i := 0; i < each; i++ {
		file, err := os.Open(name)
		if err != nil {
			refusals <- err
			continue
		}
		file.Close()
	}
}

func report(refusals <-chan error) {
	count, last := 0, "none"
	for err := range refusals {
		count++
		last = fixture.Errno(err)
	}
	fmt.Printf("%d of %d opens failed: %s\n", count, threads*each, last)
}
