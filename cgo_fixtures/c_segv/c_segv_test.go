package c_segv

import (
	"fmt"
	"testing"
)

func TestWritesToNull(t *testing.T) {
	defer func() {
		// Never reached: no recover catches a fault in C.
		fmt.Println("recovered:", recover())
	}()
	fmt.Println("writing to NULL in C")
	writeNowhere()
}
