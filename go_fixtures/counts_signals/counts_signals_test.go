// The deed: counts SIGUSR1 until it has seen three of them.
package counts_signals

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"faultrig.example/fixtures/internal/fixture"
)

const wanted = 3

func TestCounts(t *testing.T) {
	signals := make(chan os.Signal, wanted)
	signal.Notify(signals, syscall.SIGUSR1)
	fmt.Println("counting SIGUSR1")
	late := time.After(fixture.Wait())
	for count := 1; count <= wanted; count++ {
		select {
		case <-signals:
			fmt.Printf("SIGUSR1 number %d\n", count)
		case <-late:
			fmt.Printf("counted %d, then waited long enough\n", count-1)
			return
		}
	}
	fmt.Printf("counted all %d\n", wanted)
}
