// The deed: panics in an init function, before any test.
package panics_init

import "testing"

func init() {
	panic("rotten from the start")
}

func TestNeverRuns(t *testing.T) {
	t.Fatal("came here in spite of the panic")
}
