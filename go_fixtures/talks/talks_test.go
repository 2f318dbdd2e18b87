// The deed: a client asks a server over a socket and tells what came of it.
package talks

import (
	"fmt"
	"io"
	"net"
	"testing"

	"faultrig.example/fixtures/internal/fixture"
)

func TestTalks(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go answer(listener)
	client, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		fmt.Printf("client: connect failed: %s\n", fixture.Errno(err))
		t.Fatal(err)
	}
	defer client.Close()
	fmt.Fprint(client, "ping")
	got, err := io.ReadAll(client)
	if err != nil {
		fmt.Printf("client: read failed: %s\n", fixture.Errno(err))
		t.Fatal(err)
	}
	if string(got) != "pong" {
		t.Fatalf("client: the answer was %q", got)
	}
	fmt.Println("client: got pong")
}

func answer(listener net.Listener) {
	peer, err := listener.Accept()
	if err != nil {
		fmt.Printf("server: accept failed: %s\n", fixture.Errno(err))
		return
	}
	defer peer.Close()
	if _, err := io.ReadFull(peer, make([]byte, 4)); err != nil {
		fmt.Printf("server: read failed: %s\n", fixture.Errno(err))
		return
	}
	fmt.Fprint(peer, "pong")
}
