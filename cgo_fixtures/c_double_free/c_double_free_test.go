package c_double_free

import (
	"fmt"
	"testing"
)

func TestFreesTwice(t *testing.T) {
	fmt.Println("freeing twice in C")
	freeTwice()
}
