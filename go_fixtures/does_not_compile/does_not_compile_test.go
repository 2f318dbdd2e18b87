//go:build broken

// The deed: uses a name that nobody declared.
package does_not_compile

import "testing"

func TestNeverBuilt(t *testing.T) {
	t.Log(undeclared)
}
