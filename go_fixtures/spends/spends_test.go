package spends

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"faultrig.example/fixtures/internal/fixture"
)

const (
	writers = 4
	lines   = 10
)

// The deed: four goroutines write ten lines each into one journal.
func TestWritesJournal(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "journal"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	journal := &Journal{file: file}
	var all sync.WaitGroup
	for writer := 0; writer < writers; writer++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for line := 0; line < lines; line++ {
				if err := journal.Append("a line"); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	all.Wait()
}

// The deed: loads a file, and does without where that is not to be had.
func TestLoads(t *testing.T) {
	content, err := Load("testdata/app.conf")
	if err != nil {
		fmt.Printf("not loaded: %s\n", fixture.Errno(err))
		return
	}
	fmt.Printf("loaded %d bytes\n", len(content))
}

// The deed: computes for a while, and ends by os.Exit.
func TestExits(t *testing.T) {
	pause(apart)
	os.Exit(3)
}

// The deed: computes for a while, and panics in a goroutine of its own.
func TestPanics(t *testing.T) {
	pause(apart)
	go func() { panic("over") }()
	select {}
}
