// The deed: sends itself a word through a pipe.
package reads_pipe

import (
	"fmt"
	"io"
	"os"
	"testing"

	"faultrig.example/fixtures/internal/fixture"
)

func TestReadsPipe(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := writer.WriteString("word"); err != nil {
		fmt.Printf("write failed: %s\n", fixture.Errno(err))
		t.Fatal(err)
	}
	writer.Close()
	got, err := io.ReadAll(reader)
	if err != nil {
		fmt.Printf("read failed: %s\n", fixture.Errno(err))
		t.Fatal(err)
	}
	fmt.Printf("read %q from the pipe\n", got)
}
