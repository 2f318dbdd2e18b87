// The deed: syncs twice in one function, and looks at what the first says alone.
package syncs_twice

import (
	"path/filepath"
	"testing"
)

func TestKeeps(t *testing.T) {
	if err := Keep(filepath.Join(t.TempDir(), "kept")); err != nil {
		t.Fatal(err)
	}
}
