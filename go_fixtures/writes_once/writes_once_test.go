// The deed: writes with a single write(2) and never looks whether all of it
// was taken until it is too late.
package writes_once

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

const size = 1000

func TestWritesOnce(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "letter"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	// os.File would go on until all is written; the bare call does not.
	sent, err := syscall.Write(int(file.Fd()), make([]byte, size))
	fmt.Printf("write moved %d of %d bytes\n", sent, size)
	if err != nil || sent != size {
		t.Fatalf("the letter is short: %d bytes: %v", sent, err)
	}
}
