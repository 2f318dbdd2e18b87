// The deed: asks for more memory than there are addresses.
package wants_too_much

import (
	"fmt"
	"testing"
)

// 128 TiB, all that a process on amd64 can address.
var size = 1 << 47

func TestWantsTooMuch(t *testing.T) {
	fmt.Println(len(make([]byte, size)))
}
