package c_overflows_buffer

import (
	"fmt"
	"testing"
)

func TestOverflows(t *testing.T) {
	fmt.Println("overflowing a buffer in C")
	overflow()
}
