// The deed: reads its configuration, and falls back to a default when it
// cannot.
package reads_config

import (
	"fmt"
	"os"
	"testing"

	"faultrig.example/fixtures/internal/fixture"
)

func TestReadsConfig(t *testing.T) {
	content, err := os.ReadFile("testdata/fixture.conf")
	if err != nil {
		fmt.Printf("no configuration: %s; using the default\n", fixture.Errno(err))
		return
	}
	fmt.Printf("configured: %s", content)
}
