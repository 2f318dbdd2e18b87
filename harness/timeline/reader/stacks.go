package main

import (
	"strconv"
	"strings"

	"golang.org/x/exp/trace"
)

const mostStacks = 200_000

// stacks numbers the stacks that are the same, function by function, wherever
// in the trace they stand. 0: it is not known.
type stacks struct {
	ids    map[trace.Stack]int // of this part of the trace
	same   map[string]int
	frames [][]trace.StackFrame
}

// stackLine says what a number of a stack means.
type stackLine struct {
	Is     string  `json:"is"` // "stack"
	ID     int     `json:"id"`
	Frames []frame `json:"frames"`        // the innermost first
	Cut    bool    `json:"cut,omitempty"` // there are more
}

type frame struct {
	Function string `json:"function"`
	File     string `json:"file"`
	Line     uint64 `json:"line"`
}

func newStacks() stacks {
	return stacks{
		ids:    map[trace.Stack]int{},
		same:   map[string]int{},
		frames: [][]trace.StackFrame{nil},
	}
}

// forget is for the next part of a trace, in which a number is another stack.
func (s *stacks) forget() { s.ids = map[trace.Stack]int{} }

func (s *stacks) id(stack trace.Stack) int {
	if stack == trace.NoStack {
		return 0
	}
	if id, known := s.ids[stack]; known {
		return id
	}
	var frames []trace.StackFrame
	var key strings.Builder
	for one := range stack.Frames() {
		frames = append(frames, one)
		key.WriteString(one.Func + "\x00" +
			strconv.FormatUint(one.Line, 10) + "\x00")
	}
	id, known := s.same[key.String()]
	if !known && len(frames) > 0 && len(s.frames) < mostStacks {
		id = len(s.frames)
		s.frames = append(s.frames, frames)
		s.same[key.String()] = id
	}
	s.ids[stack] = id
	return id
}

// isOfRuntime says of a stack that its goroutine is one of the runtime's own.
func (s *stacks) isOfRuntime(id int) bool {
	frames := s.frames[id]
	if len(frames) == 0 {
		return false
	}
	outermost := frames[len(frames)-1].Func
	return outermost != "runtime.main" && outermost != "runtime.goexit" &&
		(strings.HasPrefix(outermost, "runtime.") ||
			strings.HasPrefix(outermost, "runtime/"))
}

func (s *stacks) line(id int) stackLine {
	out := stackLine{Is: "stack", ID: id, Frames: []frame{}}
	for _, one := range s.frames[id] {
		if len(out.Frames) == mostFrames {
			out.Cut = true
			break
		}
		out.Frames = append(out.Frames,
			frame{cutName(one.Func), cutName(one.File), one.Line})
	}
	return out
}

func cutName(name string) string {
	if len(name) > longestName {
		name = name[:longestName]
	}
	return strings.ToValidUTF8(name, "\uFFFD")
}
