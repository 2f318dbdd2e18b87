// The deed: saves an index and then a ledger, each with one fsync. The index may
// fail, the ledger may not. A note of the test's own is synced too.
package keeps_books

import (
	"os"
	"path/filepath"
	"testing"
)

func TestSaves(t *testing.T) {
	folder := t.TempDir()
	note, err := os.Create(filepath.Join(folder, "note"))
	if err != nil {
		t.Fatal(err)
	}
	if err := note.Sync(); err != nil {
		t.Fatal("the test's own note:", err)
	}
	if err := note.Close(); err != nil {
		t.Fatal(err)
	}
	(&Index{filepath.Join(folder, "index")}).Save("a")
	if err := (&Ledger{filepath.Join(folder, "ledger")}).Save("a 1"); err != nil {
		t.Fatal(err)
	}
}
