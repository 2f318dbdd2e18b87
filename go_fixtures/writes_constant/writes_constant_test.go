// The deed: writes into the text of a constant, which lies in read-only memory.
package writes_constant

import (
	"testing"
	"unsafe"
)

func TestWritesToAConstant(t *testing.T) {
	text := "carved in stone"
	// A string begins with the address of its bytes.
	first := *(**byte)(unsafe.Pointer(&text))
	*first = 'C'
}
