// The deed: listens twice on one port.
package takes_port

import (
	"net"
	"testing"
)

func TestListensTwice(t *testing.T) {
	first, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if _, err := net.Listen("tcp", first.Addr().String()); err != nil {
		t.Fatal(err)
	}
}
