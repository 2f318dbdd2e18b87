// The deed: listens at a port of its own choice, at once or after some tries.
package listens_at

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
	"testing"
	"time"

	"faultrig.example/fixtures/internal/fixture"
)

func address() string {
	return "127.0.0.1:" + strconv.Itoa(fixture.Number("FIXTURE_PORT", 18467))
}

func TestListens(t *testing.T) {
	listener, err := net.Listen("tcp", address())
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
}

// TestTriesAgain waits for a port that an older process still has.
func TestTriesAgain(t *testing.T) {
	for end := time.Now().Add(5 * time.Second); ; {
		listener, err := net.Listen("tcp", address())
		if err == nil {
			fmt.Println("listens")
			listener.Close()
			return
		}
		if !errors.Is(err, syscall.EADDRINUSE) || time.Now().After(end) {
			t.Fatal(err)
		}
		fmt.Println("taken")
		time.Sleep(20 * time.Millisecond)
	}
}

// TestTakesAnother listens wherever it may where its port is taken.
func TestTakesAnother(t *testing.T) {
	listener, err := net.Listen("tcp", address())
	if err != nil {
		listener, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		t.Fatal(err)
	}
	if listener.Addr().String() != address() {
		fmt.Println("listens elsewhere")
	}
	listener.Close()
}
