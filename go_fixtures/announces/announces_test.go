// Package announces prints what testing says when it starts a test, to stdout
// and to stderr, and no such test follows. Then it looks for a file that is not
// there, so often that whoever listens has heard it.
package announces

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"
)

func TestAnnounces(t *testing.T) {
	fmt.Print("\n=== RUN   TestNobody\n--- PASS: TestNobody (0.00s)\n")
	fmt.Fprint(os.Stderr, "=== RUN   TestNobody\n")
	for i := 0; i < 100; i++ {
		if _, err := os.ReadFile("nobody"); !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("read %d: %v", i, err)
		}
	}
}
