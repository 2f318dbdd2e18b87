package c_abort

import (
	"fmt"
	"testing"
)

func TestAborts(t *testing.T) {
	fmt.Println("aborting in C")
	abort()
}
