// The deed: sleeps for FIXTURE_WAIT, which a scenario makes longer than
// -timeout.
package timeout

import (
	"fmt"
	"testing"
	"time"

	"faultrig.example/fixtures/internal/fixture"
)

func TestSleeps(t *testing.T) {
	fmt.Println("sleeping")
	time.Sleep(fixture.Wait())
	fmt.Println("woke up")
}
