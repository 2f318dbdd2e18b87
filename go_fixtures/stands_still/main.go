// Starts goroutines that wait, each in another way, prints `ready` once all of
// them do, and reads stdin for ever; for each byte it prints what the runtime
// says of all of them, and `done`. Arguments: how many more there are to be,
// all of one kind; how many that never hold still; for how many milliseconds
// it lives (0: until it is killed).
package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"
)

var (
	never   = make(chan int)
	held    sync.Mutex
	read    sync.RWMutex
	written sync.RWMutex
	group   sync.WaitGroup
	signal  = sync.NewCond(&sync.Mutex{})
)

func receives()       { <-never }
func sends()          { never2 := make(chan int); never2 <- 1 }
func receivesOfNil()  { var none chan int; <-none }
func sendsToNil()     { var none chan int; none <- 1 }
func selectsNothing() { select {} }
func locks()          { held.Lock() }
func reads()          { written.RLock() }
func writes()         { read.Lock() }
func waits()          { group.Wait() }
func sleeps()         { time.Sleep(time.Hour) }

func selects() {
	select {
	case <-never:
	case <-time.After(time.Hour):
	}
}

func awaits() {
	signal.L.Lock()
	signal.Wait()
}

func accepts() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	listener.Accept()
}

func calls() {
	var ends [2]int
	if err := syscall.Pipe(ends[:]); err != nil {
		panic(err)
	}
	syscall.Read(ends[0], make([]byte, 1))
}

func staysOnItsThread() {
	runtime.LockOSThread()
	<-never
}

type shelf[K comparable] struct{ key K }

//go:noinline
func (s *shelf[K]) browse() { <-never }
func generic()              { (&shelf[string]{}).browse() }

type visitor interface{ visit() }
type inner struct{}
type outer struct{ *inner }

//go:noinline
func (i *inner) visit() { <-never }
func promoted()         { var v visitor = outer{&inner{}}; v.visit() }

func small()   { smaller() }
func smaller() { <-never }
func inlined() { small() }

//go:noinline
func deep(n int) {
	if n == 0 {
		<-never
	}
	deep(n - 1)
}
func recurses() { deep(40) }

//go:noinline
func grows(n int) byte {
	var room [3000]byte
	if n == 0 {
		<-never
	}
	room[n] = grows(n - 1)
	return room[n/2]
}
func hasALargeStack() { grows(60) }

func panics() {
	defer func() {
		recover()
		<-never
	}()
	panic("on purpose")
}

func faults() {
	defer func() { <-never }()
	var none *shelf[int]
	none.key++
}

func closure() { func() { func() { <-never }() }() }

func formats() { fmt.Fprint(blocker{}, "x") }

type blocker struct{}

func (blocker) Write([]byte) (int, error) { <-never; return 0, nil }

// All of them, each at the line that starts it.
func startAll() {
	for _, one := range []func(){
		receives, sends, receivesOfNil, sendsToNil, selectsNothing, locks,
		reads, writes, waits, sleeps, selects, awaits, accepts, calls,
		staysOnItsThread, generic, promoted, inlined, recurses, hasALargeStack,
		panics, faults, closure, formats,
	} {
		one := one
		go one()
	}
	go deep(3)
	go (&inner{}).visit()
	starts()
	time.AfterFunc(0, receives)
	nested := make(chan bool)
	go func() {
		go receives()
		nested <- true
		<-never
	}()
	<-nested
}

// Inlined into its caller.
func starts() { go closure() }

// A finalizer that never comes back.
func finalizes() {
	running := make(chan bool)
	func() {
		dead := &[64]byte{}
		runtime.SetFinalizer(dead, func(*[64]byte) {
			close(running)
			<-never
		})
	}()
	runtime.GC()
	<-running
}

// Goes back and forth, so that its stack is another one at any moment.
func restless(there, back chan int) {
	for {
		select {
		case n := <-there:
			bounce(back, n%7)
		case n := <-back:
			bounce(there, n%5)
		}
	}
}

//go:noinline
func bounce(to chan int, n int) {
	if n > 0 {
		bounce(to, n-1)
		return
	}
	to <- 3
}

func argument(at int) int {
	if at >= len(os.Args) {
		return 0
	}
	n, _ := strconv.Atoi(os.Args[at])
	return n
}

func stacks() []byte {
	room := make([]byte, 1<<20)
	for {
		if n := runtime.Stack(room, true); n < len(room) {
			return room[:n]
		}
		room = make([]byte, 2*len(room))
	}
}

// Do the others stand where they stay?
func settled() bool {
	all := stacks()
	return !bytes.Contains(all, []byte("[runnable")) &&
		bytes.Count(all, []byte("[running")) == 1
}

func main() {
	held.Lock()
	read.RLock()
	written.Lock()
	group.Add(1)
	finalizes()
	startAll()
	for i := 0; i < argument(1); i++ {
		go receives()
	}
	for argument(2) == 0 && !settled() {
		time.Sleep(time.Millisecond)
	}
	for i := 0; i < argument(2); i++ {
		there, back := make(chan int, 1), make(chan int)
		there <- 6
		go restless(there, back)
		go restless(back, there)
	}
	if n := argument(3); n > 0 {
		time.AfterFunc(time.Duration(n)*time.Millisecond, func() { os.Exit(0) })
	}
	fmt.Println("ready")
	var one [1]byte
	for {
		if n, err := os.Stdin.Read(one[:]); n == 0 || err != nil {
			select {}
		}
		fmt.Printf("%s\ndone\n", stacks())
	}
}
