// Makes fchmod(-1, 0) in C, called from Go in several ways, and prints before
// it what the runtime says the stack is, as go_fixtures/leaves_stacks does. One
// comes through C twice, one from a thread that C started.
package main

/*
#include <pthread.h>
#include <sys/stat.h>

extern void callback(int depth);

static void leave_c(void) { fchmod(-1, 0); }
static void deep_c(int depth) {
	volatile char room[500];
	room[depth] = 1;
	if (depth > 0) deep_c(depth - 1);
	else fchmod(-1, 0);
	room[depth] = 0;
}
static void back_c(int depth) { callback(depth); }
static void* alone(void* unused) { fchmod(-1, 0); return unused; }
static void thread_c(void) {
	pthread_t thread;
	pthread_create(&thread, 0, alone, 0);
	pthread_join(thread, 0);
}
*/
import "C"

import (
	"fmt"
	"runtime"
)

func tell() {
	pcs := make([]uintptr, 2048)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	fmt.Println("stack")
	for {
		frame, more := frames.Next()
		fmt.Printf("%s\t%s\t%d\n", frame.Function, frame.File, frame.Line)
		if !more {
			break
		}
	}
}

//go:noinline
func leave() {
	tell()
	C.leave_c()
}

//go:noinline
func leaveDeep() {
	tell()
	C.deep_c(100)
}

//export callback
func callback(depth C.int) {
	if depth > 0 {
		C.back_c(depth - 1)
		return
	}
	leave()
}

func around(f func()) {
	done := make(chan bool)
	go func() {
		f()
		close(done)
	}()
	<-done
}

func main() {
	for i := 0; i < 20; i++ {
		leave()
		around(leave)
		around(leaveDeep)
		around(func() { C.back_c(0) })
		around(func() { C.back_c(2) })
		leave()
	}
	fmt.Println("no stack")
	C.thread_c()
}
