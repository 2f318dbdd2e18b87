// The deed: calls log.Fatal in a test, as code that was written for a command
// does.
package log_fatal

import (
	"log"
	"testing"
)

func TestLogsFatally(t *testing.T) {
	log.Fatal("cannot go on")
}
