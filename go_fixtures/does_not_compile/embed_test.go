//go:build embed

// The deed: embeds a file that is not there.
package does_not_compile

import (
	_ "embed"
	"testing"
)

//go:embed gone.txt
var text string

func TestNeverBuilt(t *testing.T) {
	t.Log(text)
}
