// The deed: traps SIGTERM and needs half a second to shut down.
package sigterm_slow

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"faultrig.example/fixtures/internal/fixture"
)

const drainTime = 500 * time.Millisecond

func TestDrains(t *testing.T) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	fmt.Println("waiting for SIGTERM")
	select {
	case <-signals:
		fmt.Println("got SIGTERM, draining")
		time.Sleep(drainTime)
		fmt.Println("drained, exiting 0")
	case <-time.After(fixture.Wait()):
		fmt.Println("got no signal, exiting 0")
	}
}
