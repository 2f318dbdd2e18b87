// The deed: imports a module that its go.mod does not name.
package lacks_requirement

import (
	"testing"

	"faultrig.example/gone"
)

func TestNeverBuilt(t *testing.T) {
	gone.Go()
}
