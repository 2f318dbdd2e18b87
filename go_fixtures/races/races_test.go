// The deed: two goroutines write one variable, and nobody orders them. TestMain
// does the same after its tests when FIXTURE_FAIL=1.
package races

import (
	"os"
	"testing"
)

var shared int

func TestMain(m *testing.M) {
	code := m.Run()
	if os.Getenv("FIXTURE_FAIL") == "1" {
		race()
	}
	os.Exit(code)
}

func TestRaces(t *testing.T) {
	race()
}

func TestDoesNot(t *testing.T) {}

func race() {
	done := make(chan bool)
	go func() {
		shared = 1
		close(done)
	}()
	shared = 2
	<-done
}
