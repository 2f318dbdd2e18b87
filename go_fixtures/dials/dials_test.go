// The deed: calls an address where nobody is and tells what came of it:
// FIXTURE_ADDRESS (192.0.2.1:5432, which is nobody's by RFC 5737), by
// FIXTURE_NETWORK (tcp), and waits FIXTURE_WAIT for an answer.
package dials

import (
	"fmt"
	"net"
	"os"
	"testing"

	"faultrig.example/fixtures/internal/fixture"
)

func TestDials(t *testing.T) {
	peer, err := net.DialTimeout(
		text("FIXTURE_NETWORK", "tcp"),
		text("FIXTURE_ADDRESS", "192.0.2.1:5432"),
		fixture.Wait())
	if err != nil {
		fmt.Printf("dial failed: %s\n", fixture.Errno(err))
		if !fixture.Tolerates() {
			t.Fatal(err)
		}
		return
	}
	fmt.Println("somebody is there")
	peer.Close()
}

func text(name, fallback string) string {
	if value, found := os.LookupEnv(name); found {
		return value
	}
	return fallback
}
