// The deed: reads a file that is not there.
package reads_missing

import (
	"os"
	"testing"
)

func TestReadsWhatIsMissing(t *testing.T) {
	if _, err := os.ReadFile("testdata/gone.json"); err != nil {
		t.Fatal(err)
	}
}
