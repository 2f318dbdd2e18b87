//go:build broken

package imports_itself

import "testing"

func TestNeverBuilt(t *testing.T) {}
