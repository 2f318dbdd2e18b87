//go:build mismatch

// The deed: gives a text where a number is wanted.
package does_not_compile

import "testing"

func TestNeverBuilt(t *testing.T) {
	var number int = "seven"
	t.Log(number)
}
