// The deed: its go.mod asks for a Go that is not there yet.
package needs_newer_go

import "testing"

func TestNeverBuilt(t *testing.T) {}
