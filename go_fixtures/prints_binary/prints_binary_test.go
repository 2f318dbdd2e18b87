// The deed: prints every byte there is, among them NUL and broken UTF-8.
package prints_binary

import (
	"fmt"
	"os"
	"testing"
)

func TestPrintsBinary(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	for i := 0; i < 16; i++ {
		if _, err := os.Stdout.Write(all); err != nil {
			t.Fatal(err)
		}
	}
	fmt.Println()
	fmt.Println("printed every byte")
}
