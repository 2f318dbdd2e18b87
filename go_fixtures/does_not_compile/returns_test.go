//go:build returns

// The deed: promises a value and returns none.
package does_not_compile

import "testing"

func seven() int {}

func TestNeverBuilt(t *testing.T) {
	t.Log(seven())
}
