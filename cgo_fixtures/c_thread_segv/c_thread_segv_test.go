package c_thread_segv

import (
	"fmt"
	"testing"
)

func TestCrashesElsewhere(t *testing.T) {
	fmt.Println("writing to NULL in a thread of C")
	fmt.Println(crashElsewhere())
}
