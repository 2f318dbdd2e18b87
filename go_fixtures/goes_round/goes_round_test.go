// The deed: asks the kernel for what no filter of system calls sees into, and
// says what it got: a ring of io_uring, one that somebody else might have made,
// and a call by the numbers of x32. No test fails: a program would do without.
package goes_round

import (
	"fmt"
	"syscall"
	"testing"
	"unsafe"
)

const (
	ioUringSetup    = 425
	ioUringEnter    = 426
	ioUringRegister = 427
	getpidOfX32     = 0x40000000 | 39
)

func TestSetsUpARing(t *testing.T) {
	var params [120]byte
	_, _, errno := syscall.Syscall(ioUringSetup, 4,
		uintptr(unsafe.Pointer(&params[0])), 0)
	fmt.Println("io_uring_setup:", int(errno))
}

func TestEntersARing(t *testing.T) {
	_, _, errno := syscall.Syscall6(ioUringEnter, 1, 0, 0, 0, 0, 0)
	fmt.Println("io_uring_enter:", int(errno))
	_, _, errno = syscall.Syscall6(ioUringRegister, 1, 0, 0, 0, 0, 0)
	fmt.Println("io_uring_register:", int(errno))
}

func TestCallsByOtherNumbers(t *testing.T) {
	_, _, errno := syscall.Syscall(getpidOfX32, 0, 0, 0)
	fmt.Println("getpid of x32:", int(errno))
}
