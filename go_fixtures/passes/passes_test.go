// The deed: passes at once and says so.
package passes

import (
	"fmt"
	"testing"
)

func TestPasses(t *testing.T) {
	fmt.Println("passed")
}
