// The deed: a client asks a server, each time on a new connection, and again
// where that fails, five times at most. It waits two seconds for an answer.
package asks_again

import (
	"bufio"
	"fmt"
	"net"
	"testing"
	"time"

	"faultrig.example/fixtures/internal/fixture"
)

const tries = 5

func TestAsksAgain(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go serve(listener)
	for try := 1; try <= tries; try++ {
		err := ask(listener.Addr().String())
		if err == nil {
			fmt.Printf("answered on try %d\n", try)
			return
		}
		fmt.Printf("try %d: %s\n", try, fixture.Errno(err))
	}
	t.Fatalf("gave up after %d tries", tries)
}

func ask(address string) error {
	peer, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer peer.Close()
	peer.SetDeadline(time.Now().Add(2 * time.Second))
	if _, err := fmt.Fprint(peer, "ping\n"); err != nil {
		return err
	}
	answer, err := bufio.NewReader(peer).ReadString('\n')
	if err == nil && answer != "pong\n" {
		err = fmt.Errorf("the answer was %q", answer)
	}
	return err
}

func serve(listener net.Listener) {
	for {
		peer, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer peer.Close()
			line, err := bufio.NewReader(peer).ReadString('\n')
			if err == nil && line == "ping\n" {
				fmt.Fprint(peer, "pong\n")
			}
		}()
	}
}
