package main

import (
	"sort"
	"strings"

	"golang.org/x/exp/trace"
)

const (
	mostWaits      = 512     // kinds of waits, by their longest
	mostSteps      = 20_000  // of a goroutine
	mostStepsInAll = 100_000 // of all of them
	mostFrames     = 64
	longestName    = 512
	lastOfOldForm  = 21 // Go 1.22 has another form of traces
)

// A wait is what a goroutine does from an event at which it stops to the one
// at which it may go on.
type wait struct {
	on    string // sync, channel, ...
	word  string // the runtime's own word
	stack int
	since int64
}

// waits are all of one kind at one place.
type waits struct {
	Is      string `json:"is"` // "waits"
	On      string `json:"on"`
	Word    string `json:"word"`
	Stack   int    `json:"stack"`
	Times   int64  `json:"times"`
	Total   int64  `json:"total"`
	Longest int64  `json:"longest"`
	At      int64  `json:"at"`           // when the longest began
	G       int64  `json:"g"`            // whose that was
	Open    bool   `json:"open"`         // it lasted to the end of the trace
	ByG     int64  `json:"by_g"`         // who woke it; 0: nobody known
	By      int    `json:"by,omitempty"` // from there
}

// A step is something that a goroutine is seen to do.
type step struct {
	Kind  string `json:"kind"` // region, task, log; at: an event
	Name  string `json:"name,omitempty"`
	Stack int    `json:"stack"`
	At    int64  `json:"at"`
}

type steps struct {
	Is    string `json:"is"` // "steps"
	G     int64  `json:"g"`
	Cut   bool   `json:"cut"` // there are more
	Steps []step `json:"steps"`
}

type pauses struct {
	Is      string `json:"is"`   // "gc"
	What    string `json:"what"` // pause, cycle
	Times   int64  `json:"times"`
	Total   int64  `json:"total"`
	Longest int64  `json:"longest"`
	At      int64  `json:"at"`
	began   map[string]int64
}

type goroutine struct {
	waits *wait
	steps []step
	cut   bool
}

type story struct {
	version    int
	from, to   int64
	events     int64
	stacks     stacks
	goroutines map[trace.GoID]*goroutine
	waits      map[wait]*waits
	gc         map[string]*pauses
	steps      int
}

func newStory(version int) *story {
	return &story{
		version:    version,
		stacks:     newStacks(),
		goroutines: map[trace.GoID]*goroutine{},
		waits:      map[wait]*waits{},
		gc:         map[string]*pauses{},
	}
}

func (s *story) of(id trace.GoID) *goroutine {
	known := s.goroutines[id]
	if known == nil {
		known = &goroutine{}
		s.goroutines[id] = known
	}
	return known
}

func (s *story) take(event *trace.Event) {
	at := int64(event.Time())
	if s.events == 1 {
		s.from = at
	}
	s.to = max(s.to, at)
	switch event.Kind() {
	case trace.EventSync:
		s.stacks.forget()
	case trace.EventStateTransition:
		s.takeTransition(event)
	case trace.EventRegionBegin:
		s.mark(event, "region", event.Region().Type)
	case trace.EventTaskBegin:
		s.mark(event, "task", event.Task().Type)
	case trace.EventLog:
		log := event.Log()
		name := log.Message
		if log.Category != "" {
			name = log.Category + ": " + log.Message
		}
		s.mark(event, "log", name)
	case trace.EventRangeBegin, trace.EventRangeActive:
		s.rangeBegins(event.Range().Name, at)
	case trace.EventRangeEnd:
		s.rangeEnds(event.Range().Name, at)
	}
}

// kindOf puts the runtime's words for what a goroutine waits for into few
// kinds. Empty: it does not wait for anything.
func kindOf(word string) string {
	switch word {
	case "chan receive", "chan send":
		return "channel"
	case "sync", "sync.(*Cond).Wait":
		return "sync"
	case "select", "network", "sleep", "forever":
		return word
	case "preempted", "runtime.Gosched":
		return ""
	}
	return "other"
}

func (s *story) takeTransition(event *trace.Event) {
	transition := event.StateTransition()
	if transition.Resource.Kind != trace.ResourceGoroutine {
		return
	}
	id := transition.Resource.Goroutine()
	before, after := transition.Goroutine()
	at := int64(event.Time())
	switch {
	case before == trace.GoNotExist && after == trace.GoRunnable:
		s.sight(event)
	case before == trace.GoRunning && after == trace.GoWaiting:
		if on := kindOf(transition.Reason); on != "" {
			s.begin(id, wait{on, transition.Reason,
				s.stacks.id(transition.Stack), at})
			s.sight(event)
		}
	case before == trace.GoRunning && after == trace.GoSyscall:
		s.sight(event)
		if s.version > lastOfOldForm {
			s.begin(id, wait{"syscall", "syscall",
				s.stacks.id(transition.Stack), at})
		}
	case before == trace.GoWaiting || before == trace.GoSyscall:
		s.end(id, event)
	}
	if after == trace.GoNotExist {
		if known := s.goroutines[id]; known != nil && len(known.steps) == 0 {
			delete(s.goroutines, id)
		}
	}
}

func (s *story) begin(id trace.GoID, what wait) {
	if !s.stacks.isOfRuntime(what.stack) {
		s.of(id).waits = &what
	}
}

func (s *story) end(id trace.GoID, event *trace.Event) {
	known := s.goroutines[id]
	if known == nil || known.waits == nil {
		return
	}
	what := *known.waits
	known.waits = nil
	by, from := int64(0), 0
	if waker := event.Goroutine(); waker != trace.NoGoroutine && waker != id {
		by, from = int64(waker), s.stacks.id(event.Stack())
	}
	s.add(what, waits{At: what.since, G: int64(id), ByG: by, By: from,
		Longest: int64(event.Time()) - what.since})
}

func (s *story) add(what wait, one waits) {
	key := what
	key.since = 0
	all := s.waits[key]
	if all == nil {
		all = &waits{Is: "waits", On: what.on, Word: what.word,
			Stack: what.stack, Longest: -1}
		s.waits[key] = all
	}
	all.Times++
	all.Total += one.Longest
	if one.Longest > all.Longest {
		all.Longest, all.At, all.G = one.Longest, one.At, one.G
		all.Open, all.ByG, all.By = one.Open, one.ByG, one.By
	}
}

// mark is what the program says of itself: each one counts.
func (s *story) mark(event *trace.Event, kind, name string) {
	s.step(event, step{kind, cutName(name), s.stacks.id(event.Stack()),
		int64(event.Time())})
}

// sight is another event of a goroutine, by which it is seen where it stands:
// of several that follow each other at one place the first one is told.
func (s *story) sight(event *trace.Event) {
	stack := s.stacks.id(event.Stack())
	if stack != 0 && !s.stacks.isOfRuntime(stack) {
		s.step(event, step{"at", "", stack, int64(event.Time())})
	}
}

func (s *story) step(event *trace.Event, what step) {
	if event.Goroutine() == trace.NoGoroutine {
		return
	}
	who := s.of(event.Goroutine())
	if last := len(who.steps) - 1; last >= 0 && what.Kind == "at" &&
		who.steps[last].Stack == what.Stack {
		return
	}
	if who.cut || len(who.steps) == mostSteps || s.steps == mostStepsInAll {
		who.cut = true
		return
	}
	who.steps = append(who.steps, what)
	s.steps++
}

func whatOf(name string) string {
	if strings.HasPrefix(name, "stop-the-world (GC ") {
		return "pause"
	}
	if name == "GC concurrent mark phase" {
		return "cycle"
	}
	return ""
}

func (s *story) rangeBegins(name string, at int64) {
	what := whatOf(name)
	if what == "" {
		return
	}
	if s.gc[what] == nil {
		s.gc[what] = &pauses{Is: "gc", What: what, began: map[string]int64{}}
	}
	if _, active := s.gc[what].began[name]; !active {
		s.gc[what].began[name] = at
	}
}

func (s *story) rangeEnds(name string, at int64) {
	all := s.gc[whatOf(name)]
	if all == nil {
		return
	}
	began, active := all.began[name]
	if !active {
		return
	}
	delete(all.began, name)
	all.Times++
	all.Total += at - began
	if took := at - began; took > all.Longest || all.Times == 1 {
		all.Longest, all.At = took, began
	}
}

// finish ends what is still going on when the trace ends.
func (s *story) finish() {
	for id, one := range s.goroutines {
		if one.waits != nil {
			s.add(*one.waits, waits{At: one.waits.since, G: int64(id),
				Open: true, Longest: s.to - one.waits.since})
		}
	}
	for _, all := range s.gc {
		for name := range all.began {
			s.rangeEnds(name, s.to)
		}
	}
}

// lines are what was seen, each stack before what names it.
func (s *story) lines() []any {
	out := s.stackLines()
	kept, rest := s.largest()
	for _, all := range kept {
		out = append(out, all)
	}
	if rest.Times > 0 {
		out = append(out, rest)
	}
	for _, what := range []string{"cycle", "pause"} {
		if all := s.gc[what]; all != nil {
			out = append(out, all)
		}
	}
	for _, one := range s.stepLines() {
		out = append(out, one)
	}
	return out
}

// largest are the waits with the longest ones, and the sum of all others.
func (s *story) largest() (kept []*waits, rest waits) {
	for _, all := range s.waits {
		kept = append(kept, all)
	}
	sort.Slice(kept, func(i, j int) bool {
		if kept[i].Longest != kept[j].Longest {
			return kept[i].Longest > kept[j].Longest
		}
		return kept[i].Stack < kept[j].Stack
	})
	most := min(len(kept), mostWaits)
	rest.Is = "rest"
	for _, all := range kept[most:] {
		rest.Times += all.Times
		rest.Total += all.Total
		rest.Longest = max(rest.Longest, all.Longest)
	}
	return kept[:most], rest
}

func (s *story) stepLines() []steps {
	var out []steps
	for id, one := range s.goroutines {
		if len(one.steps) > 0 || one.cut {
			out = append(out, steps{"steps", int64(id), one.cut, one.steps})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].G < out[j].G })
	return out
}

// stackLines are the stacks that the other lines name.
func (s *story) stackLines() []any {
	named := map[int]bool{}
	kept, _ := s.largest()
	for _, all := range kept {
		named[all.Stack], named[all.By] = true, true
	}
	for _, one := range s.goroutines {
		for _, what := range one.steps {
			named[what.Stack] = true
		}
	}
	var out []any
	for id := 1; id < len(s.stacks.frames); id++ {
		if named[id] {
			out = append(out, s.stacks.line(id))
		}
	}
	return out
}
