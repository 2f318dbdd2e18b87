// The deed: prints one line of FIXTURE_MIB (2) mebibytes.
package long_line

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"faultrig.example/fixtures/internal/fixture"
)

func TestPrintsLongLine(t *testing.T) {
	line := strings.Repeat("long ", fixture.Number("FIXTURE_MIB", 2)<<20/5)
	if _, err := os.Stdout.WriteString(line + "\n"); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("printed a line of %d bytes\n", len(line))
}
