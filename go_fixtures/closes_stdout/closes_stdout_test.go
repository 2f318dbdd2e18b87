// The deed: closes its stdout and goes on; what it says later goes to stderr.
package closes_stdout

import (
	"fmt"
	"os"
	"testing"
)

func TestClosesStdout(t *testing.T) {
	fmt.Println("closing stdout")
	if err := os.Stdout.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := fmt.Println("nobody reads this")
	fmt.Fprintf(os.Stderr, "printing now gives: %v\n", err)
}
