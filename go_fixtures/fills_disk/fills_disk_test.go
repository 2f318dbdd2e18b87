// The deed: writes to a disk until it is full, and goes on living.
package fills_disk

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"faultrig.example/fixtures/internal/fixture"
)

// TestFills writes chunks of 64 KiB to one file, and tells how far it came.
func TestFills(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "data"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	chunk, wrote := make([]byte, 64<<10), 0
	for i := 0; i < 1024 && err == nil; i++ {
		var n int
		n, err = file.Write(chunk)
		wrote += n
	}
	fmt.Printf("wrote %d bytes, then: %v\n", wrote, err)
	if err != nil && !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
}

// TestManyFiles makes small files until it is refused one.
func TestManyFiles(t *testing.T) {
	folder := t.TempDir()
	for i := 0; i < 1000; i++ {
		err := os.WriteFile(filepath.Join(folder, fmt.Sprint(i)), []byte("x"), 0o644)
		if err != nil {
			fmt.Printf("made %d files, then: %v\n", i, errors.Unwrap(err))
			return
		}
	}
	fmt.Println("made all files")
}

// TestSaves replaces a file whole each time: a new one beside it, renamed. What
// cannot be saved leaves the one before.
func TestSaves(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	state, refused := "", false
	for i := 0; i < 2000 && !refused; i++ {
		next := fmt.Sprintf("%d %01000d", i, i)
		if err := save(path, next); err != nil {
			fmt.Println("could not save:", fixture.Errno(err))
			refused = true
		} else if state = next; i == 0 {
			fmt.Println("ready")
		}
		time.Sleep(time.Millisecond)
	}
	if content, err := os.ReadFile(path); err != nil || string(content) != state {
		t.Fatalf("the state is %d bytes of %d: %v", len(content), len(state), err)
	}
	fmt.Println("the state before is whole")
}

func save(path, content string) error {
	if err := os.WriteFile(path+".new", []byte(content), 0o644); err != nil {
		return errors.Join(err, os.Remove(path+".new"))
	}
	return os.Rename(path+".new", path)
}

// TestOverwrites truncates the file and writes it anew, as os.WriteFile does.
func TestOverwrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	for i := 0; i < 400; i++ {
		// A little more each time.
		content := make([]byte, 4096*(i+1))
		if err := os.WriteFile(path, content, 0o644); err != nil {
			left, _ := os.ReadFile(path)
			t.Fatalf("%s, and %d bytes of %d are left", fixture.Errno(err), len(left), len(content)-4096)
		}
		if i == 0 {
			fmt.Println("ready")
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// journal writes lines and asks again for what could not be written.
type journal interface{ add(line string) error }

type direct struct{ file *os.File }

func (d direct) add(line string) error {
	_, err := d.file.WriteString(line)
	return err
}

type buffered struct{ to *bufio.Writer }

func (b buffered) add(line string) error {
	if _, err := b.to.WriteString(line); err != nil {
		return err
	}
	return b.to.Flush()
}

// write adds a page at a time until it was refused, and then until it is not
// any more, or for FIXTURE_WAIT.
func write(t *testing.T, to journal) {
	page, refused := fmt.Sprintf("%04095d\n", 0), false
	for end := time.Now().Add(fixture.Wait()); time.Now().Before(end); {
		err := to.add(page)
		if err != nil && !refused {
			fmt.Println("refused:", fixture.Errno(err))
			refused = true
		}
		if err == nil && refused {
			fmt.Println("written again")
			return
		}
		if err == nil {
			fmt.Println("ready")
		}
		time.Sleep(5 * time.Millisecond)
	}
	if refused {
		t.Fatal("never wrote again")
	}
}

// TestJournal tries each line again at the file itself.
func TestJournal(t *testing.T) { write(t, direct{open(t)}) }

// TestBuffered does so through a bufio.Writer, which keeps its first error.
func TestBuffered(t *testing.T) { write(t, buffered{bufio.NewWriter(open(t))}) }

func open(t *testing.T) *os.File {
	file, err := os.Create(filepath.Join(t.TempDir(), "journal"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}
