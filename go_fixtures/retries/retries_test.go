// The deed: opens a file and tries again on EINTR and EAGAIN, five times at
// most. It calls the kernel itself, since os.Open hides EINTR.
package retries

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"faultrig.example/fixtures/internal/fixture"
)

const tries = 5

func TestRetries(t *testing.T) {
	name := filepath.Join(t.TempDir(), "shy")
	if err := os.Symlink("/dev/null", name); err != nil {
		t.Fatal(err)
	}
	for try := 1; try <= tries; try++ {
		fd, err := syscall.Open(name, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
		if err == nil {
			syscall.Close(fd)
			fmt.Printf("opened on try %d\n", try)
			return
		}
		fmt.Printf("try %d: %s\n", try, fixture.Errno(err))
		if err != syscall.EINTR && err != syscall.EAGAIN {
			t.Fatalf("no use in trying again: %v", err)
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatalf("gave up after %d tries", tries)
}
