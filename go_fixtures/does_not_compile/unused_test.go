//go:build unused

// The deed: imports and declares what it does not use.
package does_not_compile

import (
	"os"
	"testing"
)

func TestNeverBuilt(t *testing.T) {
	idle := 1
}
