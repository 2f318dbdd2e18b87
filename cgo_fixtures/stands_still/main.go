// Goroutines that wait in C, and in Go that C called; then as
// go_fixtures/stands_still: `ready`, and for each byte of stdin what the runtime
// says of all of them, and `done`.
package main

/*
#include <unistd.h>

extern void callback(void);

static void waits(void) { pause(); }
static void comes_back(void) { callback(); }
*/
import "C"

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

var never = make(chan int)

//export callback
func callback() { <-never }

func inC()       { C.waits() }
func throughC()  { C.comes_back() }
func wait()      { <-never }
func fromAbove() { func() { inC() }() }

func stacks() string {
	room := make([]byte, 1<<20)
	return string(room[:runtime.Stack(room, true)])
}

func main() {
	go inC()
	go throughC()
	go fromAbove()
	go wait()
	for all := ""; strings.Count(all, "_Cfunc_waits") < 2 ||
		strings.Count(all, "[chan receive") < 2; all = stacks() {
		time.Sleep(time.Millisecond)
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
