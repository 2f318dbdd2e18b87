// The deed: lives by the wall clock, as schedulers and tokens do.
package reads_clock

import (
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"faultrig.example/fixtures/internal/fixture"
)

// wall is what the wall clock says, without what Go measures beside it.
func wall() time.Time { return time.Now().Round(0) }

// TestStep waits for a wall clock that goes another way than the time that
// passes, and tells by how much.
func TestStep(t *testing.T) {
	began, from := time.Now(), wall()
	fmt.Println("ready")
	for end := began.Add(fixture.Wait()); time.Now().Before(end); {
		step := wall().Sub(from) - time.Since(began)
		if step.Abs() > time.Minute {
			fmt.Println("stepped by", step.Round(time.Second))
			return
		}
	}
	fmt.Println("the clock went on evenly")
}

// TestEvenly reads the clock on many goroutines and takes nothing but the true
// time, or one an hour later, for right.
func TestEvenly(t *testing.T) {
	began, from := time.Now(), wall()
	var group sync.WaitGroup
	for range [6]int{} {
		group.Add(1)
		go func() {
			defer group.Done()
			for time.Since(began) < fixture.Wait() {
				step := wall().Sub(from) - time.Since(began)
				// On a slow machine one step may not be over when the next comes.
				if (step - step.Round(time.Hour)).Abs() > time.Second {
					t.Errorf("stepped by %v", step)
					return
				}
			}
		}()
	}
	group.Wait()
}

// TestEverySecond runs something at each full second, as cron does: it asks
// when the next one is, and sleeps until then.
func TestEverySecond(t *testing.T) {
	ran, next := make(chan time.Time), wall()
	go func() {
		for {
			next = next.Add(time.Second).Truncate(time.Second)
			time.Sleep(next.Sub(wall()))
			ran <- next
		}
	}()
	fmt.Println("ready")
	for i := 0; i < 3; i++ {
		select {
		case <-ran:
		case <-time.After(3 * time.Second):
			t.Fatalf("ran %d times, then not for 3 seconds", i)
		}
	}
}

// TestToken asks again and again whether its ten minutes are over.
func TestToken(t *testing.T) {
	expires := wall().Add(10 * time.Minute)
	fmt.Println("ready")
	for i := 0; i < 100; i++ {
		if now := wall(); now.After(expires) {
			t.Fatalf("token has expired")
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// TestFile writes a file and tells how old it is.
func TestFile(t *testing.T) {
	file := t.TempDir() + "/new"
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	seen, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("the file is", wall().Sub(seen.ModTime()).Round(time.Hour), "old")
}
