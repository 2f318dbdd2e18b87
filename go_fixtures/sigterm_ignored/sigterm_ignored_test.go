// The deed: ignores SIGTERM and goes on to its own end.
package sigterm_ignored

import (
	"fmt"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"faultrig.example/fixtures/internal/fixture"
)

func TestIgnores(t *testing.T) {
	signal.Ignore(syscall.SIGTERM)
	fmt.Println("waiting with SIGTERM ignored")
	time.Sleep(fixture.Wait())
	fmt.Println("still here, exiting 0")
}
