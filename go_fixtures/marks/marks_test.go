package marks

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"faultrig.example/fixtures/internal/fixture"
)

const (
	buyers = 4
	orders = 5
	many   = 300
	apart  = 2 * time.Millisecond
)

func open(t *testing.T) *Book {
	file, err := os.Create(filepath.Join(t.TempDir(), "orders"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return &Book{file: file}
}

type place func(*Book, context.Context) error

func placeAll(t *testing.T, one place) {
	book := open(t)
	var all sync.WaitGroup
	for buyer := 0; buyer < buyers; buyer++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for order := 0; order < orders; order++ {
				if err := one(book, context.Background()); err != nil {
					fmt.Printf("not placed: %s\n", fixture.Errno(err))
				}
			}
		}()
	}
	all.Wait()
}

// The deed: four goroutines place five orders each, in one book.
func TestPlacesOrders(t *testing.T) { placeAll(t, (*Book).Place) }

// The deed: the same, and what cannot be begun is committed.
func TestPlacesAnyway(t *testing.T) { placeAll(t, (*Book).PlaceAnyway) }

func placeMany(t *testing.T) {
	book := open(t)
	for order := 0; order < many; order++ {
		if err := book.Place(context.Background()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(apart)
	}
}

// The deed: places orders for more than half a second, and opens a file that is
// not there.
func TestPlacesMany(t *testing.T) {
	placeMany(t)
	if _, err := os.Open("testdata/stop"); err == nil {
		t.Error("it is there")
	}
}

// The deed: places as many, and ends by os.Exit.
func TestExits(t *testing.T) {
	placeMany(t)
	os.Exit(3)
}

// The deed: ends by os.Exit before a trace has anything to show.
func TestExitsAtOnce(t *testing.T) { os.Exit(3) }

// The deed: collects garbage, three times.
func TestCollects(t *testing.T) {
	for i := 0; i < 3; i++ {
		runtime.GC()
	}
}
