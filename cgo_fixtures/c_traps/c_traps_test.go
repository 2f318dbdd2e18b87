package c_traps

import (
	"fmt"
	"testing"
)

func TestTraps(t *testing.T) {
	fmt.Println("trapping in C")
	trap()
}
