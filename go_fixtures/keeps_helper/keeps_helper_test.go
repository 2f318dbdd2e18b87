// The deed: starts a helper that lives for two seconds, waits for it, and gives up
// with 255 when it ends in any other way than it should.
package keeps_helper

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

func TestMain(m *testing.M) {
	helper := exec.Command("sleep", "2")
	if err := helper.Start(); err != nil {
		fmt.Println("no helper:", err)
		os.Exit(1)
	}
	fmt.Println("the helper is at work")
	if err := helper.Wait(); err != nil {
		fmt.Println("the helper has failed:", err)
		os.Exit(255)
	}
	os.Exit(m.Run())
}

func TestNothing(t *testing.T) {}
