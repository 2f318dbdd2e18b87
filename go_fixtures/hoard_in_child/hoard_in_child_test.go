// The deed: starts itself again as a child that hoards memory, and reports how
// the child ended. The parent itself stays small.
package hoard_in_child

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"testing"

	"faultrig.example/fixtures/internal/fixture"
)

const stepMiB = 8

func TestHoardInChild(t *testing.T) {
	if os.Getenv("FIXTURE_HOARD") == "1" {
		hoard()
		return
	}
	child := exec.Command(os.Args[0], "-test.run=^TestHoardInChild$")
	child.Env = append(os.Environ(), "FIXTURE_HOARD=1")
	err := child.Run()
	if err == nil {
		fmt.Println("the child was given all it wanted")
		return
	}
	t.Logf("the child ended: %v", err)
	// A kernel that kills the whole group does so in this pause.
	fixture.Pause()
	t.Error("the parent has outlived its child")
}

func hoard() {
	var held [][]byte
	for size := 0; size < fixture.Number("FIXTURE_MIB", 256); size += stepMiB {
		block := make([]byte, stepMiB<<20)
		for i := 0; i < len(block); i += os.Getpagesize() {
			block[i] = 1
		}
		held = append(held, block)
	}
	runtime.KeepAlive(held)
}
