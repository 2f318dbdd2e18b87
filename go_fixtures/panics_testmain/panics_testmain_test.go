// The deed: panics in TestMain, outside any test.
package panics_testmain

import "testing"

func TestMain(m *testing.M) {
	panic("rotten set-up")
}

func TestNeverRuns(t *testing.T) {
	t.Fatal("came here in spite of the panic")
}
