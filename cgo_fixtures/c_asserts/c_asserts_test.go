package c_asserts

import (
	"fmt"
	"testing"
)

func TestAsserts(t *testing.T) {
	fmt.Println("asserting in C")
	check(2)
}
