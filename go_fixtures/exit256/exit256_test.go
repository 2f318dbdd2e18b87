// The deed: ends its process with os.Exit(256) in the middle of a test.
package exit256

import (
	"fmt"
	"os"
	"testing"
)

func TestExits256(t *testing.T) {
	fmt.Println("exiting 256, of which the kernel keeps 0")
	os.Exit(256)
}
