// The deed: its go.mod cannot be read.
package bad_go_mod

import "testing"

func TestNeverBuilt(t *testing.T) {}
