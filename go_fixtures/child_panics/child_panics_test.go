// A TestMain that needs another Go program, passes on what that says, and
// gives up when it fails. The dump in the output is the other program's.
package child_panics

import (
	"os"
	"os/exec"
	"testing"
)

func TestMain(m *testing.M) {
	program := exec.Command("go", "run", "./prog")
	program.Stdout = os.Stdout
	program.Stderr = os.Stderr
	if program.Run() != nil {
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func TestNothing(t *testing.T) {}
