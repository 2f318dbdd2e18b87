// The deed: a fuzz target that does not take every text. FIXTURE_FAIL=1 makes
// its seed one of those.
package fuzzes

import (
	"fmt"
	"os"
	"testing"
)

// A failing input is written below the current folder: give it one.
func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "fuzzes")
	if err != nil {
		panic(err)
	}
	if err := os.Chdir(folder); err != nil {
		panic(err)
	}
	code := m.Run()
	if err := os.RemoveAll(folder); err != nil {
		fmt.Println(err)
	}
	os.Exit(code)
}

func FuzzTakesShortTexts(f *testing.F) {
	f.Add("short")
	if os.Getenv("FIXTURE_FAIL") == "1" {
		f.Add("a text that is not short")
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > len("short")+1 {
			t.Fatalf("%d bytes are too long", len(text))
		}
	})
}

func FuzzExits(f *testing.F) {
	f.Add("short")
	f.Fuzz(func(t *testing.T, text string) {
		if text != "short" {
			os.Exit(255)
		}
	})
}
