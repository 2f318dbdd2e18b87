// The deed: traps SIGTERM and answers with os.Exit(255), as a widely copied
// example does.
package sigterm_exit255

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"faultrig.example/fixtures/internal/fixture"
)

func TestExitsWith255(t *testing.T) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	fmt.Println("waiting for SIGTERM")
	select {
	case <-signals:
		fmt.Println("got SIGTERM, exiting 255")
		os.Exit(255)
	case <-time.After(fixture.Wait()):
		fmt.Println("got no signal, exiting 0")
	}
}
