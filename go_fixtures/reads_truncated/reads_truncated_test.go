// The deed: maps a file, cuts it off, and reads what is no longer there.
package reads_truncated

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

const size = 4096

func TestReadsBehindTheEnd(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "book"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := file.Truncate(size); err != nil {
		t.Fatal(err)
	}
	pages, err := syscall.Mmap(int(file.Fd()), 0, size, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Truncate(0); err != nil {
		t.Fatal(err)
	}
	fmt.Println(pages[0])
}
