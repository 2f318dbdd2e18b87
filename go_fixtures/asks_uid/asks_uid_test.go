// The deed: asks the kernel who it is.
package asks_uid

import (
	"fmt"
	"os"
	"testing"
)

func TestAsksUid(t *testing.T) {
	fmt.Printf("the kernel says uid %d\n", os.Getuid())
}
