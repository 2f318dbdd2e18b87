// The deed: subtests that pass and skip, and one that fails when FIXTURE_FAIL=1.
package subtests

import (
	"fmt"
	"os"
	"testing"
)

func TestTable(t *testing.T) {
	t.Run("good", func(t *testing.T) {
		fmt.Println("good ran")
	})
	t.Run("bad", func(t *testing.T) {
		if os.Getenv("FIXTURE_FAIL") == "1" {
			t.Fatal("asked to fail")
		}
	})
	t.Run("idle", func(t *testing.T) {
		t.Skip("nothing to do")
	})
}

func TestAfterwards(t *testing.T) {
	fmt.Println("a failed test does not stop the next")
}
