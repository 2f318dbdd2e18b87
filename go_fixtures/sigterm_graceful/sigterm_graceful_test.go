// The deed: traps SIGTERM, says so, and lets its test return.
package sigterm_graceful

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"faultrig.example/fixtures/internal/fixture"
)

func TestShutsDown(t *testing.T) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	fmt.Println("waiting for SIGTERM")
	select {
	case <-signals:
		fmt.Println("got SIGTERM, exiting 0")
	case <-time.After(fixture.Wait()):
		fmt.Println("got no signal, exiting 0")
	}
}
