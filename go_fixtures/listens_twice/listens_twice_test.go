// The deed: listens on a port of the kernel's choice, then on the one that
// counts, and waits there for SIGTERM.
package listens_twice

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

// An address of the loopback's that hardly anybody else binds.
const theOneThatCounts = "127.38.47.1:38471"

func TestListensTwice(t *testing.T) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	for _, address := range []string{"127.0.0.1:0", theOneThatCounts} {
		select {
		case <-signals:
			t.Fatal("got SIGTERM too early")
		default:
		}
		listener, err := net.Listen("tcp", address)
		if err != nil {
			fmt.Printf("cannot listen: %s\n", fixture.Errno(err))
			t.Fatal(err)
		}
		defer listener.Close()
		fmt.Println("listening on", address)
	}
	select {
	case <-signals:
		fmt.Println("got SIGTERM, exiting 0")
	case <-time.After(fixture.Wait()):
		fmt.Println("got no signal, exiting 0")
	}
}
