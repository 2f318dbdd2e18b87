// The deed: opens one file again and again until it is refused or holds 200
// descriptors. Waits FIXTURE_PAUSE before the first.
package opens

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"faultrig.example/fixtures/internal/fixture"
)

const enough = 200

func TestOpens(t *testing.T) {
	name := filepath.Join(t.TempDir(), "door")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	fmt.Println("about to open")
	fixture.Pause()
	var held []*os.File
	for len(held) < enough {
		file, err := os.Open(name)
		if err != nil {
			fmt.Printf("refused after %d opens: %s\n", len(held), fixture.Errno(err))
			letGo(held)
			if !fixture.Tolerates() {
				t.Fatal(err)
			}
			return
		}
		held = append(held, file)
	}
	fmt.Printf("never refused in %d opens\n", enough)
	letGo(held)
}

func letGo(files []*os.File) {
	for _, file := range files {
		file.Close()
	}
}
