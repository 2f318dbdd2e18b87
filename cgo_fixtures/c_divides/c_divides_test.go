package c_divides

import (
	"fmt"
	"testing"
)

func TestDivides(t *testing.T) {
	fmt.Println("dividing by zero in C")
	fmt.Println(divide(1, 0))
}
