//go:build broken

package two_in_one

import "testing"

func TestNeverBuilt(t *testing.T) {}
