package c_exit255

import (
	"fmt"
	"testing"
)

func TestExitsFromC(t *testing.T) {
	fmt.Println("exiting 255 from C")
	exit(255)
}
