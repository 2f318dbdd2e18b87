// The deed: leaves eight goroutines behind that wait for a channel nobody sends
// on, and passes all the same.
package leaks_goroutines

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"faultrig.example/fixtures/internal/fixture"
)

const leaked = 8

func TestLeaks(t *testing.T) {
	before := runtime.NumGoroutine()
	nobody := make(chan int)
	for i := 0; i < leaked; i++ {
		go waitForNobody(nobody)
	}
	fmt.Printf("leaked %d goroutines\n", runtime.NumGoroutine()-before)
	time.Sleep(fixture.Wait())
}

func waitForNobody(nobody chan int) {
	<-nobody
}
