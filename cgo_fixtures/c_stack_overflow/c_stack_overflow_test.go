package c_stack_overflow

import (
	"fmt"
	"testing"
)

func TestRecursesInC(t *testing.T) {
	fmt.Println("recursing in C")
	fmt.Println(deeper(0))
}
