// The deed: runs FIXTURE_PROGRAM (true) and fails if that does.
package starts_child

import (
	"os"
	"os/exec"
	"testing"
)

func TestStartsAChild(t *testing.T) {
	program, found := os.LookupEnv("FIXTURE_PROGRAM")
	if !found {
		program = "true"
	}
	if err := exec.Command(program).Run(); err != nil {
		t.Fatal(err)
	}
}
