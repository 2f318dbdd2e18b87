package c_frees_foreign

import (
	"fmt"
	"testing"
)

func TestFreesForeign(t *testing.T) {
	fmt.Println("freeing what malloc never gave")
	freeForeign()
}
