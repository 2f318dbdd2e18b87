//go:build plan9

package other_platform

import "testing"

func TestNeverBuilt(t *testing.T) {}
