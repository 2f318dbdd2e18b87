// The deed: opens a file and says how it was refused. No file mode refuses root,
// so the refusal has to come from elsewhere.
package wants_permission

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"faultrig.example/fixtures/internal/fixture"
)

func TestWantsPermission(t *testing.T) {
	name := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(name, []byte("hush"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := os.ReadFile(name)
	if err == nil {
		fmt.Println("read the secret")
		return
	}
	fmt.Printf("refused: %s\n", fixture.Errno(err))
	if !os.IsPermission(err) || !fixture.Tolerates() {
		t.Fatal(err)
	}
}
