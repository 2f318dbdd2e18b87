// The deed: starts a child that holds its stdout, and ends without waiting for
// it.
package lends_stdout

import (
	"os"
	"os/exec"
	"testing"
)

func TestLendsStdout(t *testing.T) {
	child := exec.Command("sleep", "8")
	child.Stdout = os.Stdout
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
}
