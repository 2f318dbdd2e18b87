// The deed: uses a fifth of a second of processor time and tells whether
// it was done in time.
package works

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"faultrig.example/fixtures/internal/fixture"
)

const work = 200 * time.Millisecond

func used(t *testing.T) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func TestWorks(t *testing.T) {
	fmt.Println("begins")
	began := time.Now()
	for done := used(t) + work; used(t) < done; {
	}
	fmt.Println("is done")
	if took := time.Since(began); took > fixture.Wait() {
		t.Errorf("too late: it took %v", took.Round(time.Millisecond))
	}
}
