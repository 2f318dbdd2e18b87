// The deed: leaves eight goroutines behind that wait for a channel nobody sends
// on, and passes all the same.
package leaks_goroutines

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"
	"time"

	"faultrig.example/fixtures/internal/fixture"
)

const leaked = 8

func TestLeaks(t *testing.T) {
	nobody := make(chan int)
	for i := 0; i < leaked; i++ {
		go waitForNobody(nobody)
	}
	for waiting() < leaked {
		time.Sleep(time.Millisecond)
	}
	fmt.Printf("leaked %d goroutines\n", leaked)
	time.Sleep(fixture.Wait())
}

func waitForNobody(nobody chan int) {
	<-nobody
}

// waiting counts the goroutines that have come to their receive.
func waiting() int {
	dump := make([]byte, 1<<16)
	dump = dump[:runtime.Stack(dump, true)]
	count := 0
	for _, stack := range bytes.Split(dump, []byte("\n\n")) {
		if bytes.Contains(stack, []byte("[chan receive")) &&
			bytes.Contains(stack, []byte("waitForNobody")) {
			count++
		}
	}
	return count
}
