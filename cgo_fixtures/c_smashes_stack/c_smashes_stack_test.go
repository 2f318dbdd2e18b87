package c_smashes_stack

import (
	"fmt"
	"testing"
)

func TestSmashesStack(t *testing.T) {
	fmt.Println("smashing a stack in C")
	smash(24)
}
