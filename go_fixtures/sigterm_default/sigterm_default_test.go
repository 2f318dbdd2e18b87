// The deed: waits and has no handler, so SIGTERM ends it as the kernel ends any
// process.
package sigterm_default

import (
	"fmt"
	"testing"
	"time"

	"faultrig.example/fixtures/internal/fixture"
)

func TestWaits(t *testing.T) {
	fmt.Println("waiting without a handler")
	time.Sleep(fixture.Wait())
	fmt.Println("no signal ended the wait")
}
