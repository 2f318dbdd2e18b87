// The deed: waits for an answer that never comes, with a deadline of its own.
package waits_with_deadline

import (
	"context"
	"testing"
	"time"
)

func TestWaitsWithADeadline(t *testing.T) {
	limited, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	<-limited.Done()
	t.Fatal(limited.Err())
}
