// The deed: knows the sum of a module that it still has to download.
package needs_download

import (
	"testing"

	"faultrig.example/gone"
)

func TestNeverBuilt(t *testing.T) {
	gone.Go()
}
