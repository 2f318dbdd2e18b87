// The deed: starts a child in a session of its own whose parent is gone at once,
// as daemons do, and ends.
package leaves_daemon

import (
	"fmt"
	"os/exec"
	"testing"
)

func TestLeavesDaemon(t *testing.T) {
	// setsid ends as soon as its child runs.
	if err := exec.Command("setsid", "--fork", "sleep", "30").Run(); err != nil {
		t.Fatal(err)
	}
	fmt.Println("left a daemon behind")
}
