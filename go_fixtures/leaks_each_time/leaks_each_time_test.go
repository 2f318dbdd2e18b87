// A file is read by a goroutine of its own, and waited for only so long. Where
// that takes longer nobody is there any more to whom it could send what it read.
package leaks_each_time

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

const (
	limit = 30 * time.Millisecond
	// Longer than a look takes, also on a busy machine.
	pause = 120 * time.Millisecond
)

var errLate = errors.New("not read in time")

// The mistake: nobody receives what comes late.
func readWithin(limit time.Duration, path string) ([]byte, error) {
	return readInto(make(chan []byte), limit, path)
}

// The same with room for what comes late.
func readWithinWell(limit time.Duration, path string) ([]byte, error) {
	return readInto(make(chan []byte, 1), limit, path)
}

func readInto(to chan []byte, limit time.Duration, path string) ([]byte, error) {
	go read(path, to)
	select {
	case text := <-to:
		return text, nil
	case <-time.After(limit):
		return nil, errLate
	}
}

func read(path string, to chan<- []byte) {
	text, _ := os.ReadFile(path)
	to <- text
}

func settings(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "app.conf")
	if err := os.WriteFile(path, []byte("size: 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// It goes on without them: an error is told, and is none of the test's.
func TestReads(t *testing.T) {
	if _, err := readWithin(limit, settings(t)); err != nil {
		t.Log(err)
	}
	time.Sleep(2 * pause)
}

func TestReadsWell(t *testing.T) {
	if _, err := readWithinWell(limit, settings(t)); err != nil {
		t.Log(err)
	}
	time.Sleep(2 * pause)
}

// Without any fault.
func TestLeaks(t *testing.T) {
	answers := make(chan int)
	go func() { answers <- 1 }()
	time.Sleep(pause)
}

// A goroutine that outlives its test, but not for long.
func TestEndsLate(t *testing.T) {
	go time.Sleep(3 * pause)
	time.Sleep(pause)
}

// One that is meant to live on.
func TestKeepsAPool(t *testing.T) {
	if jobs == nil {
		jobs = make(chan func())
		go work()
	}
	time.Sleep(pause)
}

var jobs chan func()

func work() {
	for job := range jobs {
		job()
	}
}
