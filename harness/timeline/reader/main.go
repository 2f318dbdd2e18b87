// faultrig-timeline reads an execution trace of Go (runtime/trace), of any Go
// from 1.11 on and of anybody's making, and prints what faultrig keeps of it:
// JSON, a value a line. What it says of goroutines is summed up, so that its
// output is bounded whatever the trace holds.
//
// It limits itself, in memory and in time: the trace may be hostile.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"syscall"

	"golang.org/x/exp/trace"
)

const (
	mostBytes   = 64 << 20 // of the trace
	mostEvents  = 20_000_000
	softMemory  = 1 << 30
	hardMemory  = 3 << 30 // of addresses, of which Go reserves many
	mostSeconds = 60      // of the processor
)

// head is the first line.
type head struct {
	Is     string `json:"is"` // "head"
	Go     int    `json:"go"` // 26 of `go 1.26 trace`
	From   int64  `json:"from"`
	To     int64  `json:"to"`
	Events int64  `json:"events"`
	Cut    string `json:"cut,omitempty"` // why what follows is not read
	Whole  bool   `json:"whole"`         // all of the file was read
}

func limit() {
	debug.SetMemoryLimit(softMemory)
	set := func(resource int, most uint64) {
		both := syscall.Rlimit{Cur: most, Max: most}
		// A lower one around us is as good.
		_ = syscall.Setrlimit(resource, &both)
	}
	set(syscall.RLIMIT_AS, hardMemory)
	set(syscall.RLIMIT_CPU, mostSeconds)
	set(syscall.RLIMIT_CORE, 0)
}

// version is 26 of a file that begins by `go 1.26 trace`; 0: it does not.
func version(file *bufio.Reader) int {
	start, _ := file.Peek(16)
	var minor int
	if n, _ := fmt.Sscanf(string(start), "go 1.%d trace", &minor); n != 1 {
		return 0
	}
	return minor
}

// read feeds the events to a story, up to the first that makes no sense.
func read(from io.Reader, told *story) (err error) {
	defer func() {
		if wrong := recover(); wrong != nil {
			err = errors.New("it makes no sense")
		}
	}()
	reader, err := trace.NewReader(from)
	if err != nil {
		return err
	}
	for {
		event, err := reader.ReadEvent()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if told.events++; told.events > mostEvents {
			return fmt.Errorf("it has more than %d events", mostEvents)
		}
		told.take(&event)
	}
}

// firstLine is as much of an error as fits into a line: some have a dump.
func firstLine(err error) string {
	const most = 200
	text := err.Error()
	for i := range text {
		if text[i] == '\n' || i > most {
			return text[:i]
		}
	}
	return text
}

func run(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	buffered := bufio.NewReader(io.LimitReader(file, mostBytes))
	told := newStory(version(buffered))
	top := head{Is: "head", Go: told.version, Whole: info.Size() <= mostBytes}
	if !top.Whole {
		top.Cut = "it is larger than 64 MiB"
	}
	if err := read(buffered, told); err != nil {
		if top.Cut == "" {
			top.Cut = firstLine(err)
		}
		top.Whole = false
	}
	told.finish()
	top.From, top.To, top.Events = told.from, told.to, told.events
	return write(top, told)
}

func write(top head, told *story) error {
	buffered := bufio.NewWriter(os.Stdout)
	out := json.NewEncoder(buffered)
	out.SetEscapeHTML(false)
	lines := append([]any{top}, told.lines()...)
	lines = append(lines, map[string]any{"is": "end", "lines": len(lines)})
	for _, line := range lines {
		if err := out.Encode(line); err != nil {
			return err
		}
	}
	return buffered.Flush()
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: faultrig-timeline FILE")
		os.Exit(2)
	}
	limit()
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
