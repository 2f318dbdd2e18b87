package missing_library

import (
	"fmt"
	"testing"
)

func TestNeverStarts(t *testing.T) {
	fmt.Println("started without the library")
}
