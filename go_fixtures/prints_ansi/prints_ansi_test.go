// The deed: prints what moves a cursor, renames a window and clears a screen.
package prints_ansi

import (
	"fmt"
	"testing"
)

func TestPrintsAnsi(t *testing.T) {
	fmt.Print("\x1b[2J\x1b[H\x1b[31mred\x1b[0m\n")
	fmt.Print("\x1b]0;a new title\a")
	fmt.Print("\rover the line\b\b\x9b2K\n")
	fmt.Println("printed escapes")
}
