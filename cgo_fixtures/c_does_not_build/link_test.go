//go:build link

package c_does_not_build

import "testing"

func TestNeverBuilt(t *testing.T) {
	t.Log(answer())
}
