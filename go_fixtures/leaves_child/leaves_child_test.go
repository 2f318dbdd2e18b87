// The deed: starts a child and ends without waiting for it. The child holds none
// of our streams, so nobody waits for it by accident either.
package leaves_child

import (
	"fmt"
	"os/exec"
	"testing"
)

func TestLeavesChild(t *testing.T) {
	child := exec.Command("sleep", "30")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	fmt.Println("left a child behind")
}
