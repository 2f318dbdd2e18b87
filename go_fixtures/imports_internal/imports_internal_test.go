//go:build broken

// The deed: imports an internal package of the standard library.
package imports_internal

import (
	"internal/testenv"
	"testing"
)

func TestNeverBuilt(t *testing.T) {
	testenv.MustHaveGoBuild(t)
}
