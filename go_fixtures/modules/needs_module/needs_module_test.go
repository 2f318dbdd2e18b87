// The deed: needs a module whose sum its go.sum does not have.
package needs_module

import (
	"testing"

	"faultrig.example/gone"
)

func TestNeverBuilt(t *testing.T) {
	gone.Go()
}
