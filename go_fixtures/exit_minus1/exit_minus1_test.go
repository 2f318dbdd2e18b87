// The deed: ends its process with os.Exit(-1) in the middle of a test.
package exit_minus1

import (
	"fmt"
	"os"
	"testing"
)

func TestExitsMinus1(t *testing.T) {
	fmt.Println("exiting -1")
	os.Exit(-1)
}
