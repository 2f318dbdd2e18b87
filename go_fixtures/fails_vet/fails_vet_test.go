//go:build broken

// The deed: gives a text to a verb for numbers.
package fails_vet

import (
	"fmt"
	"testing"
)

func TestNeverRun(t *testing.T) {
	fmt.Printf("%d\n", "seven")
}
