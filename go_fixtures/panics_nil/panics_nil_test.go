// The deed: panics with nil, which recover cannot tell from no panic.
package panics_nil

import "testing"

func TestPanicsWithNil(t *testing.T) {
	var nothing interface{}
	panic(nothing)
}
