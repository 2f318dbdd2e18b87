// The deed: puts itself under a seccomp filter and makes the one call that it
// forbids; or answers its calls in another way of its own.
package filtered

import (
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"unsafe"
)

// seccomp(2), prctl(2)
const (
	prSetNoNewPrivs   = 38
	prSetSeccomp      = 22
	prSetDispatch     = 59
	dispatchOn        = 1
	seccompModeFilter = 2
	killProcess       = 0x80000000
	trap              = 0x00030000
	eperm             = 0x00050001
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

func TestIsAnswered(t *testing.T) {
	forbid(t, eperm)
	id, _, errno := syscall.RawSyscall(syscall.SYS_GETPPID, 0, 0, 0)
	t.Log("getppid:", int(id), errno)
}

// As libraries do, to learn which flags the kernel has.
func TestAsksWhatThereIs(t *testing.T) {
	_, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, prSetSeccomp, seccompModeFilter, 0)
	t.Log("prctl:", errno)
	syscall.Getppid()
}

// From nowhere: all of its memory is allowed to make calls.
func TestDispatches(t *testing.T) {
	runtime.LockOSThread()
	_, _, errno := syscall.RawSyscall6(syscall.SYS_PRCTL, prSetDispatch, dispatchOn, 0,
		^uintptr(0), 0, 0)
	t.Log("prctl:", errno)
	syscall.Getppid()
}

func TestSetsRegistersOfAChild(t *testing.T) {
	runtime.LockOSThread()
	child := exec.Command("/bin/true")
	child.SysProcAttr = &syscall.SysProcAttr{Ptrace: true}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var status syscall.WaitStatus
	var registers syscall.PtraceRegs
	pid := child.Process.Pid
	if _, err := syscall.Wait4(pid, &status, 0, nil); err != nil {
		t.Fatal(err)
	}
	if err := syscall.PtraceGetRegs(pid, &registers); err != nil {
		t.Fatal(err)
	}
	if err := syscall.PtraceSetRegs(pid, &registers); err != nil {
		t.Fatal(err)
	}
	if err := syscall.PtraceDetach(pid); err != nil {
		t.Fatal(err)
	}
	child.Wait()
}
