// The deed: has a TestMain that runs its tests, one of which fails, and throws
// their result away.
package testmain_swallows

import (
	"fmt"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	code := m.Run()
	fmt.Printf("m.Run said %d, exiting 0\n", code)
	os.Exit(0)
}

func TestFails(t *testing.T) {
	t.Fatal("failed, and nobody will know")
}
