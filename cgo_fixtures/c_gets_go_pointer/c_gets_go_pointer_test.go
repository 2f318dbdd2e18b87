package c_gets_go_pointer

import (
	"fmt"
	"testing"
)

func TestGivesGoPointer(t *testing.T) {
	fmt.Println("giving C a Go pointer")
	fmt.Println(look())
}
