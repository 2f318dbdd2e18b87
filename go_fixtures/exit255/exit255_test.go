// The deed: ends its process with os.Exit(255) in the middle of a test.
package exit255

import (
	"fmt"
	"os"
	"testing"
)

func TestExits255(t *testing.T) {
	fmt.Println("exiting 255")
	os.Exit(255)
}
