// The deed: puts itself under a seccomp filter and makes the one call that it
// forbids.
package filtered

import (
	"runtime"
	"syscall"
	"testing"
	"unsafe"
)

// seccomp(2), prctl(2)
const (
	prSetNoNewPrivs   = 38
	prSetSeccomp      = 22
	seccompModeFilter = 2
	killProcess       = 0x80000000
	trap              = 0x00030000
	allow             = 0x7fff0000
)

type instruction struct {
	code   uint16
	jt, jf uint8
	k      uint32
}

type program struct {
	length uint16
	filter *instruction
}

// forbid makes getppid(2) an offence for the thread that calls it.
func forbid(t *testing.T, answer uint32) {
	runtime.LockOSThread()
	filter := []instruction{
		{code: 0x20, k: 0}, // the number of the call
		{code: 0x15, jf: 1, k: uint32(syscall.SYS_GETPPID)},
		{code: 0x06, k: answer},
		{code: 0x06, k: allow},
	}
	install := program{uint16(len(filter)), &filter[0]}
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, prSetNoNewPrivs, 1, 0); errno != 0 {
		t.Fatal(errno)
	}
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, prSetSeccomp, seccompModeFilter,
		uintptr(unsafe.Pointer(&install))); errno != 0 {
		t.Fatal(errno)
	}
}

func TestIsKilled(t *testing.T) {
	forbid(t, killProcess)
	syscall.Getppid()
}

func TestIsTrapped(t *testing.T) {
	forbid(t, trap)
	syscall.Getppid()
}
