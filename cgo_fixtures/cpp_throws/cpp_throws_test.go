package cpp_throws

import (
	"fmt"
	"testing"
)

func TestThrows(t *testing.T) {
	fmt.Println("throwing in C++")
	throw()
}
