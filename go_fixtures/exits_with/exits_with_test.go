// The deed: ends its process with FIXTURE_CODE (3) in the middle of a test, and
// says nothing.
package exits_with

import (
	"os"
	"testing"

	"faultrig.example/fixtures/internal/fixture"
)

func TestExits(t *testing.T) {
	os.Exit(fixture.Number("FIXTURE_CODE", 3))
}
