// The deed: writes to a map that was never made.
package nil_map

import (
	"fmt"
	"testing"
)

func TestWritesToNilMap(t *testing.T) {
	fmt.Println("writing to a nil map")
	record(nil)
}

func record(seen map[string]int) {
	seen["once"]++
}
