package c_heap_overflow

import (
	"fmt"
	"testing"
)

func TestWritesBehindTheBlock(t *testing.T) {
	fmt.Printf("wrote %d bytes into a block of 10\n", writeBehind())
}
