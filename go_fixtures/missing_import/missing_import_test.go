//go:build broken

// The deed: imports what does not exist.
package missing_import

import (
	"testing"

	"faultrig.example/fixtures/nowhere"
)

func TestNeverBuilt(t *testing.T) {
	nowhere.Go()
}
