// The deed: a test that has passed panics in its clean-up.
package panics_cleanup

import "testing"

func TestLeavesAMess(t *testing.T) {
	t.Cleanup(func() { panic("rotten clean-up") })
}
