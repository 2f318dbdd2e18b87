//go:build twice

// The deed: has one name for two tests.
package does_not_compile

import "testing"

func TestNeverBuilt(t *testing.T) {}

func TestNeverBuilt(t *testing.T) {}
