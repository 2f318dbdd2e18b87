// The deed: runs FIXTURE_CHILDREN (40) children at once and waits for all of
// them.
package forks_many

import (
	"fmt"
	"os/exec"
	"testing"

	"faultrig.example/fixtures/internal/fixture"
)

func TestForksMany(t *testing.T) {
	var running []*exec.Cmd
	for i := 0; i < fixture.Number("FIXTURE_CHILDREN", 40); i++ {
		child := exec.Command("sleep", "0.2")
		if err := child.Start(); err != nil {
			t.Errorf("child %d: %v", i, err)
			break
		}
		running = append(running, child)
	}
	fmt.Printf("started %d children\n", len(running))
	for _, child := range running {
		if err := child.Wait(); err != nil {
			t.Error(err)
		}
	}
	fmt.Println("all children are gone")
}
