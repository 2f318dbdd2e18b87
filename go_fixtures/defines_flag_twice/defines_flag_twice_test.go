// The deed: defines one flag twice, as two packages that know nothing of each
// other do.
package defines_flag_twice

import (
	"flag"
	"testing"
)

var (
	_ = flag.Bool("colour", true, "print in colour")
	_ = flag.Bool("colour", false, "print in colour, too")
)

func TestNeverRuns(t *testing.T) {
	t.Fatal("came here with one flag twice")
}
