// The deed: replaces a file the careful way (write a new one, fsync, rename,
// read back) and says which call failed, and how. With FIXTURE_TOLERATE=1 a
// failure is well if the old content is still there.
package saves

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"faultrig.example/fixtures/internal/fixture"
)

const size = 4096

func TestSaves(t *testing.T) {
	ledger := filepath.Join(t.TempDir(), "ledger")
	if err := os.WriteFile(ledger, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	content := bytes.Repeat([]byte("n"), size)
	if call, err := replace(ledger, content); err != nil {
		fmt.Printf("%s failed: %s\n", call, fixture.Errno(err))
		expectContent(t, ledger, []byte("old"))
		if !fixture.Tolerates() {
			t.Fatalf("%s: %v", call, err)
		}
		fmt.Println("kept the old content")
		return
	}
	expectContent(t, ledger, content)
	fmt.Printf("saved and read back %d bytes\n", size)
}

// replace gives the name of the call that failed.
func replace(ledger string, content []byte) (string, error) {
	fresh := ledger + ".tmp"
	file, err := os.OpenFile(fresh, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "open", err
	}
	defer file.Close()
	if _, err := file.Write(content); err != nil {
		return "write", err
	}
	began := time.Now()
	if err := file.Sync(); err != nil {
		return "fsync", err
	}
	fmt.Printf("fsync took %d ms\n", time.Since(began).Milliseconds())
	if err := file.Close(); err != nil {
		return "close", err
	}
	if err := os.Rename(fresh, ledger); err != nil {
		return "rename", err
	}
	return "", nil
}

func expectContent(t *testing.T, name string, want []byte) {
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Fatalf("read back %d bytes that are not the %d expected", len(got), len(want))
	}
}
