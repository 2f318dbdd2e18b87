// Makes one recognisable system call, fchmod(-1, 0), from each of many
// different stacks, and prints before it what the runtime says the stack is:
// a line `stack`, then a line `function<tab>file<tab>line` for each frame from
// leave() on. Arguments: how many kinds of steps to combine, and how deep.
package main

import (
	"bufio"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"sort"
	"strconv"
	"sync"
	"syscall"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

//go:noinline
func leave() {
	pcs := make([]uintptr, 2048)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	fmt.Fprintln(out, "stack")
	for {
		frame, more := frames.Next()
		fmt.Fprintf(out, "%s\t%s\t%d\n", frame.Function, frame.File, frame.Line)
		if !more {
			break
		}
	}
	syscall.Fchmod(-1, 0)
}

// Each step calls on with the rest of the way, by the means of its name.
func plain(rest []int) {
	on(rest)
}

func inlined(rest []int) { twice(rest) }
func twice(rest []int)   { on(rest) }

func closure(rest []int) {
	func() {
		defer func() { _ = recover() }()
		on(rest)
	}()
}

type shelf struct{ rest []int }

func (s shelf) visit()      { on(s.rest) }
func (s *shelf) browse()    { on(s.rest) }
func byValue(rest []int)    { shelf{rest}.visit() }
func byMethod(rest []int)   { (&shelf{rest}).browse() }
func methodVal(rest []int)  { f := (&shelf{rest}).browse; f() }
func throughSet(rest []int) { var v visitor = &shelf{rest}; v.visit() }

type visitor interface{ visit() }

type cabinet struct{ *shelf }

func promoted(rest []int) { var v visitor = cabinet{&shelf{rest}}; v.visit() }

func generic[T any](value T, rest []int) { on(rest) }
func genericInt(rest []int)              { generic(1, rest) }
func genericText(rest []int)             { generic("", rest) }

type box[K comparable, V any] struct {
	key   K
	value V
}

func (b *box[K, V]) open(rest []int) { on(rest) }
func genericBox(rest []int)          { (&box[string, []int]{}).open(rest) }

func deferred(rest []int) {
	defer on(rest)
}

func panics(rest []int) {
	defer func() {
		on(rest)
		_ = recover()
	}()
	panic("on purpose")
}

func faults(rest []int) {
	defer func() {
		on(rest)
		_ = recover()
	}()
	var none *int
	*none = 1
}

func goroutine(rest []int) {
	var wait sync.WaitGroup
	wait.Add(1)
	go func() {
		defer wait.Done()
		on(rest)
	}()
	wait.Wait()
}

func reflected(rest []int) {
	reflect.ValueOf(on).Call([]reflect.Value{reflect.ValueOf(rest)})
}

func made(rest []int) {
	f := reflect.MakeFunc(reflect.TypeOf(func() {}), func([]reflect.Value) []reflect.Value {
		on(rest)
		return nil
	})
	f.Interface().(func())()
}

func sorts(rest []int) {
	once := false
	sort.Slice([]int{2, 1}, func(i, j int) bool {
		if !once {
			once = true
			on(rest)
		}
		return false
	})
}

func onceOnly(rest []int) {
	var once sync.Once
	once.Do(func() { on(rest) })
}

func large(rest []int) {
	var room [3000]byte
	room[len(rest)] = 1
	on(rest)
	runtime.KeepAlive(room)
}

var depth int

func recursive(rest []int) {
	if depth++; depth < 20 {
		recursive(rest)
	} else {
		on(rest)
	}
	depth--
}

//go:noinline
func on(rest []int) {
	if len(rest) == 0 {
		leave()
		return
	}
	step, rest := rest[0], rest[1:]
	switch step {
	case 0:
		plain(rest)
	case 1:
		inlined(rest)
	case 2:
		closure(rest)
	case 3:
		genericInt(rest)
	case 4:
		promoted(rest)
	case 5:
		deferred(rest)
	case 6:
		goroutine(rest)
	case 7:
		throughSet(rest)
	case 8:
		faults(rest)
	case 9:
		genericBox(rest)
	case 10:
		reflected(rest)
	case 11:
		byMethod(rest)
	case 12:
		methodVal(rest)
	case 13:
		genericText(rest)
	case 14:
		panics(rest)
	case 15:
		made(rest)
	case 16:
		sorts(rest)
	case 17:
		onceOnly(rest)
	case 18:
		large(rest)
	case 19:
		recursive(rest)
	case 20:
		byValue(rest)
	}
}

const kinds = 21

// Every way of `deep` steps of the first `some` kinds, and each kind once.
func main() {
	some, _ := strconv.Atoi(os.Args[1])
	deep, _ := strconv.Atoi(os.Args[2])
	for step := 0; step < kinds; step++ {
		on([]int{step})
	}
	way := make([]int, deep)
	for {
		on(way)
		at := deep - 1
		for at >= 0 && way[at] == some-1 {
			way[at] = 0
			at--
		}
		if at < 0 {
			break
		}
		way[at]++
	}
	out.Flush()
}
