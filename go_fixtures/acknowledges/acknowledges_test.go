// The deed: keeps a value, or a log, below TMPDIR, and says `saved N` when it
// has saved the Nth time. Each test does so in another way; who looks at the
// folder later knows by that line what was promised.
package acknowledges

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

const times = 4

func path(name string) string { return filepath.Join(os.TempDir(), name) }

// A value that shows by its last line that it is whole.
func value(n int) []byte {
	return []byte(fmt.Sprintf("%d\n%s\nend\n", n, strings.Repeat("x", 3000)))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, name string, content []byte, sync bool) {
	t.Helper()
	file, err := os.Create(name)
	must(t, err)
	_, err = file.Write(content)
	must(t, err)
	if sync {
		must(t, file.Sync())
	}
	must(t, file.Close())
}

func syncFolder(t *testing.T, name string) {
	t.Helper()
	folder, err := os.Open(name)
	must(t, err)
	must(t, folder.Sync())
	must(t, folder.Close())
}

// The whole ceremony.
func TestCareful(t *testing.T) {
	for n := 1; n <= times; n++ {
		write(t, path("value.new"), value(n), true)
		must(t, os.Rename(path("value.new"), path("value")))
		syncFolder(t, os.TempDir())
		fmt.Println("saved", n)
	}
}

// A reader never sees half a value; a disk without power may.
func TestRenames(t *testing.T) {
	for n := 1; n <= times; n++ {
		must(t, os.WriteFile(path("value.new"), value(n), 0o600))
		must(t, os.Rename(path("value.new"), path("value")))
		fmt.Println("saved", n)
	}
}

func appends(t *testing.T, early bool) {
	log, err := os.OpenFile(path("log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	must(t, err)
	must(t, log.Sync())
	syncFolder(t, os.TempDir())
	for n := 1; n <= times; n++ {
		_, err := fmt.Fprintf(log, "%d %s end\n", n, strings.Repeat("x", 1200))
		must(t, err)
		if early {
			fmt.Println("saved", n)
		}
		must(t, log.Sync())
		if !early {
			fmt.Println("saved", n)
		}
	}
	must(t, log.Close())
}

// Synced before it is acknowledged.
func TestAppends(t *testing.T) { appends(t, false) }

// Acknowledged before it is synced.
func TestAppendsEarly(t *testing.T) { appends(t, true) }

// Writes through memory, which is no call.
func TestMaps(t *testing.T) {
	file, err := os.Create(path("value"))
	must(t, err)
	must(t, file.Truncate(4096))
	memory, err := syscall.Mmap(int(file.Fd()), 0, 4096,
		syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	must(t, err)
	copy(memory, "saved")
	must(t, syscall.Munmap(memory))
	must(t, file.Sync())
	must(t, file.Close())
}

// The same, acknowledged when it is on the disk.
func TestMapsAndSyncs(t *testing.T) {
	file, err := os.Create(path("value"))
	must(t, err)
	must(t, file.Truncate(4096))
	must(t, file.Sync())
	syncFolder(t, os.TempDir())
	memory, err := syscall.Mmap(int(file.Fd()), 0, 4096,
		syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	must(t, err)
	for n := 1; n <= times; n++ {
		copy(memory, value(n))
		_, _, failed := syscall.Syscall(syscall.SYS_MSYNC,
			uintptr(unsafe.Pointer(&memory[0])), uintptr(len(memory)), syscall.MS_SYNC)
		if failed != 0 {
			t.Fatal(failed)
		}
		fmt.Println("saved", n)
	}
	must(t, syscall.Munmap(memory))
	must(t, file.Close())
}
