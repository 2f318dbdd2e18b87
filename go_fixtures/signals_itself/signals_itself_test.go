// The deed: sends itself the signal of the number FIXTURE_SIGNAL (15), and
// waits for what comes of it.
package signals_itself

import (
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	"faultrig.example/fixtures/internal/fixture"
)

func TestSignalsItself(t *testing.T) {
	number := syscall.Signal(fixture.Number("FIXTURE_SIGNAL", 15))
	if err := syscall.Kill(os.Getpid(), number); err != nil {
		t.Fatal(err)
	}
	time.Sleep(fixture.Wait())
	fmt.Println("lives on")
}
