//go:build syntax

// The deed: forgets a brace.
package does_not_compile

import "testing"

func TestNeverBuilt(t *testing.T) {
	if true {
		t.Log("never built")
}
