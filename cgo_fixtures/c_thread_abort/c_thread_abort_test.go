package c_thread_abort

import (
	"fmt"
	"testing"
)

func TestAbortsElsewhere(t *testing.T) {
	fmt.Println("aborting in a thread of C")
	fmt.Println(abortElsewhere())
}
