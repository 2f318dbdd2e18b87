// The deed: its tests pass, and its TestMain ends with FIXTURE_CODE (255)
// nevertheless.
package exits_after

import (
	"os"
	"testing"

	"faultrig.example/fixtures/internal/fixture"
)

func TestMain(m *testing.M) {
	m.Run()
	os.Exit(fixture.Number("FIXTURE_CODE", 255))
}

func TestPasses(t *testing.T) {}
