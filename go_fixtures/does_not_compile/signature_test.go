//go:build signature

// The deed: has a test that takes what no test is given.
package does_not_compile

import "testing"

func TestNeverBuilt(t *testing.T, number int) {}
