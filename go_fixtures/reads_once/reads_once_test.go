// The deed: reads a file with a single read and takes it for the whole, as
// careless code does.
package reads_once

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

const size = 1000

func TestReadsOnce(t *testing.T) {
	name := filepath.Join(t.TempDir(), "letter")
	if err := os.WriteFile(name, make([]byte, size), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	got, err := file.Read(make([]byte, size))
	fmt.Printf("read moved %d of %d bytes\n", got, size)
	if err != nil || got != size {
		t.Fatalf("took %d bytes for the whole letter: %v", got, err)
	}
}
