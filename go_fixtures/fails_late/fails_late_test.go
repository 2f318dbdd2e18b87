// The deed: a goroutine uses its test after that test has ended.
package fails_late

import (
	"testing"
	"time"

	"faultrig.example/fixtures/internal/fixture"
)

var ended = make(chan bool)

func TestFails(t *testing.T) {
	fail := t.FailNow
	go func() {
		<-ended
		fail()
	}()
}

// Runs last, and gives the goroutine its time.
func TestZ(t *testing.T) {
	close(ended)
	time.Sleep(fixture.Wait())
}
