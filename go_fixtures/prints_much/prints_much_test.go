// The deed: prints FIXTURE_MIB (1) mebibytes in lines of 64 bytes.
package prints_much

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"

	"faultrig.example/fixtures/internal/fixture"
)

const lineSize = 64

func TestPrintsMuch(t *testing.T) {
	out := bufio.NewWriter(os.Stdout)
	line := strings.Repeat("x", lineSize-1) + "\n"
	mebibytes := fixture.Number("FIXTURE_MIB", 1)
	fmt.Fprintln(out, "the first line")
	for i := 0; i < mebibytes<<20/lineSize; i++ {
		out.WriteString(line)
	}
	fmt.Fprintf(out, "the last line, after %d MiB\n", mebibytes)
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
}
