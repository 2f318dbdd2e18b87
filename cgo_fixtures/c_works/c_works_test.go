package c_works

import (
	"fmt"
	"testing"
)

func TestAddsInC(t *testing.T) {
	fmt.Printf("C says %d\n", add(40, 2))
}
