// Package vendors_less imports what is not in its vendor folder.
package vendors_less

import (
	"testing"

	_ "faultrig.example/gone/shop"
)

func TestNeverBuilt(t *testing.T) {}
