package c_looks_up

import (
	"net"
	"os"
	"strconv"
	"testing"
)

func TestLooksUp(t *testing.T) {
	family, _ := strconv.Atoi(os.Getenv("FIXTURE_FAMILY"))
	lookUp("db.example.org", unusedPort(t), family)
}

// Of UDP, and of this moment.
func unusedPort(t *testing.T) int {
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	return socket.LocalAddr().(*net.UDPAddr).Port
}
