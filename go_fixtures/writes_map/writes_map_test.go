// The deed: goroutines write to one map without a lock, until the runtime
// notices.
package writes_map

import (
	"testing"
	"time"

	"faultrig.example/fixtures/internal/fixture"
)

func TestWritesAtOnce(t *testing.T) {
	shared := map[int]int{}
	for i := 0; i < 4; i++ {
		go func() {
			for {
				shared[1]++
			}
		}()
	}
	time.Sleep(10 * fixture.Wait())
}
