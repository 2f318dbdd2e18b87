// Runs real modules bare, under `faultrig witness` and under `faultrig run` with
// a fault that cannot matter, and compares the results test by test: watching
// must change nothing. Prints the table of docs/reliability.md; ends with 1 if
// a test differs.
//
//	cd bench/transparency && go run . PATH/TO/faultrig [WORD]
//
// WORD: only the lines of modules.txt in which it stands.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"faultrig.example/bench/real"
)

// A module, or std, with what of it is tested.
type subject struct {
	module, version string
	packages        []string
}

// The last word of each test, and of each package, by its name.
type results map[string]string

var flags = []string{"-json", "-short", "-p=1"}

func subjects(path, word string) ([]subject, error) {
	all, err := real.Lines(path, word)
	var out []subject
	for _, line := range all {
		words := strings.Fields(line)
		if len(words) < 3 {
			continue
		}
		version := words[1]
		if version == "go" {
			version = goEnv("GOVERSION")
		}
		out = append(out, subject{words[0], version, words[2:]})
	}
	return out, err
}

func goEnv(name string) string {
	said, err := real.Command("go", "env", name).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(said))
}

// A copy that may be written, as a checkout has it: some tests make files.
func (s subject) checkout(folder string) (string, error) {
	if s.module == "std" {
		return filepath.Join(goEnv("GOROOT"), "src"), nil
	}
	load := real.Command("go", "mod", "download", "-json", s.module+"@"+s.version)
	load.Dir = folder
	said, err := load.Output()
	var module struct{ Dir, Error string }
	if json.Unmarshal(said, &module) != nil || err != nil {
		return "", fmt.Errorf("%s: %v %s", s.module, err, module.Error)
	}
	place := filepath.Join(folder, strings.ReplaceAll(s.module, "/", "_"))
	copied := real.Command("cp", "-r", module.Dir, place)
	if said, err := copied.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s: %s", s.module, said)
	}
	return place, real.Command("chmod", "-R", "u+w", place).Run()
}

// The events of go test -json (go doc test2json).
func read(events []byte) results {
	out := results{}
	lines := bufio.NewScanner(bytes.NewReader(events))
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var event struct{ Action, Package, Test string }
		if json.Unmarshal(lines.Bytes(), &event) != nil {
			continue
		}
		name := event.Package
		if event.Test != "" {
			name += "." + event.Test
		}
		switch event.Action {
		case "run":
			out[name] = "never ended"
		case "pass", "fail", "skip":
			out[name] = event.Action
		}
	}
	return out
}

// One way to run the tests of a subject.
type way func(s subject, folder string) results

func goTest(s subject, folder string, more ...string) results {
	line := append([]string{"test", "-count=1", "-timeout=5m"}, flags...)
	line = append(append(line, more...), s.packages...)
	run := real.Command("go", line...)
	run.Dir = folder
	events, _ := run.Output() // that it fails is a result, and is in the events
	return read(events)
}

func bare(s subject, folder string) results { return goTest(s, folder) }

func witnessed(faultrig string) way {
	return func(s subject, folder string) results {
		return goTest(s, folder, "-exec", "'"+faultrig+"' witness --")
	}
}

func quoted(words []string) string {
	text, _ := json.Marshal(words) // a list of strings is YAML, too
	return string(text)
}

// Nobody makes that call; its filter, and all else of a run, is there.
func scenario(s subject, folder string) string {
	return "workload:\n  go_test:\n    dir: " + strconv.Quote(folder) +
		"\n    packages: " + quoted(s.packages) +
		"\n    timeout: 5m\n    flags: " + quoted(flags) +
		"\n  deadline: 15m\ngolden: false\nfaults:\n" +
		"  - syscall: {call: sched_rr_get_interval, error: EPERM}\n" +
		"expect:\n  - go: {exited: 0}\n"
}

func run(faultrig, scratch string) way {
	return func(s subject, folder string) results {
		file := filepath.Join(scratch, "real.yaml")
		kept := filepath.Join(scratch, "evidence")
		_ = os.RemoveAll(kept)
		if os.WriteFile(file, []byte(scenario(s, folder)), 0o600) != nil {
			return results{}
		}
		said, _ := real.Command(faultrig, "run", "--evidence", kept, file).CombinedOutput()
		events, err := os.ReadFile(filepath.Join(kept, "real", "stdout"))
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s", said)
		}
		return read(events)
	}
}

// The names whose results differ.
func differing(one, other results) map[string]bool {
	out := map[string]bool{}
	for _, pair := range [][2]results{{one, other}, {other, one}} {
		for name, result := range pair[0] {
			if pair[1][name] != result {
				out[name] = true
			}
		}
	}
	return out
}

// What of a watched run differs from both bare ones, again when it is run once
// more, and from three more bare ones: tests that flap do so anywhere.
func changed(first, second results, watch, bare func() results) map[string]bool {
	flaps := differing(first, second)
	watched := watch()
	out := differing(first, watched)
	for name := range out {
		if flaps[name] {
			delete(out, name)
		}
	}
	keep := func(differs map[string]bool) {
		for name := range out {
			if !differs[name] {
				delete(out, name)
			}
		}
	}
	if len(out) > 0 {
		keep(differing(first, watch()))
	}
	for again := 0; again < 3 && len(out) > 0; again++ {
		keep(differing(watched, bare()))
	}
	return out
}

func names(of map[string]bool) []string {
	var out []string
	for name := range of {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}

func count(of results, word string) int {
	out := 0
	for _, result := range of {
		if result == word {
			out++
		}
	}
	return out
}

func compare(s subject, faultrig, scratch string) (bool, error) {
	folder, err := s.checkout(scratch)
	if err != nil {
		return false, err
	}
	first, second := bare(s, folder), bare(s, folder)
	if len(first) == 0 {
		return false, fmt.Errorf("%s: no test ran", s.module)
	}
	same := true
	row := fmt.Sprintf("| %s | %s | %s | %d | %d | %d | %d |", s.module,
		s.version, strings.Join(s.packages, " "), len(first),
		count(first, "fail"), count(first, "skip"),
		len(differing(first, second)))
	var notes []string
	for _, one := range []struct {
		name  string
		watch way
	}{{"witness", witnessed(faultrig)}, {"run", run(faultrig, scratch)}} {
		differs := changed(first, second, func() results {
			return one.watch(s, folder)
		}, func() results { return bare(s, folder) })
		row += fmt.Sprintf(" %d |", len(differs))
		for _, name := range names(differs) {
			notes = append(notes, one.name+": "+name+" is "+first[name]+" bare")
			same = false
		}
	}
	if real.Told.Err() != nil {
		return false, real.Told.Err() // what did not run differs from all else
	}
	fmt.Println(row)
	for _, note := range notes {
		fmt.Fprintln(os.Stderr, note)
	}
	return same, nil
}

func compareAll(faultrig, word string) (bool, error) {
	all, err := subjects("modules.txt", word)
	if err != nil {
		return false, err
	}
	scratch, err := os.MkdirTemp("", "faultrig-real")
	if err != nil {
		return false, err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	fmt.Println("| module | version | packages | results | fail bare | " +
		"skipped bare | flap bare | differ under witness | differ under run |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|")
	same := true
	for _, s := range all {
		alike, err := compare(s, faultrig, scratch)
		if err != nil {
			return false, err
		}
		same = same && alike
	}
	return same, nil
}

func main() { real.Main("transparency", compareAll) }
