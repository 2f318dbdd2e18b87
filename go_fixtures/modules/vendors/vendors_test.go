// The deed: its vendor folder does not agree with its go.mod.
package vendors

import (
	"testing"

	"faultrig.example/gone"
)

func TestNeverBuilt(t *testing.T) {
	gone.Go()
}
