// The deed: has a TestMain that never runs its tests, one of which would fail.
package testmain_no_run

import (
	"fmt"
	"testing"
)

func TestMain(m *testing.M) {
	fmt.Println("TestMain ran no test")
}

func TestNeverRuns(t *testing.T) {
	t.Fatal("would fail")
}
