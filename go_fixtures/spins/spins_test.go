// The deed: computes for FIXTURE_WAIT and never waits.
package spins

import (
	"testing"
	"time"

	"faultrig.example/fixtures/internal/fixture"
)

func TestSpins(t *testing.T) {
	for end := time.Now().Add(fixture.Wait()); time.Now().Before(end); {
	}
}
