// The deed: listens on a port and waits for SIGTERM.
package listens

import (
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"faultrig.example/fixtures/internal/fixture"
)

func TestListens(t *testing.T) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Printf("cannot listen: %s\n", fixture.Errno(err))
		t.Fatal(err)
	}
	defer listener.Close()
	fmt.Println("listening")
	select {
	case <-signals:
		fmt.Println("got SIGTERM, exiting 0")
	case <-time.After(fixture.Wait()):
		fmt.Println("got no signal, exiting 0")
	}
}
