// Tries real stores at pinned versions where power goes: by recorded states, and,
// as root, by images of ext4 and xfs. Prints the table of docs/durability.md; ends
// with 1 if one is bad in a way that cases.txt does not have, or good where it is
// bad there.
//
//	cd bench/stores && go run . PATH/TO/faultrig [WORD]
//
// WORD: only the lines of cases.txt in which it stands.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"

	"faultrig.example/bench/real"
)

const scenario = `workload:
  command: [%[1]s, save, %[2]s]
  recover: [%[1]s, check, %[2]s]
faults:
  - crash: {path: $TMPDIR%[3]s}
expect:
  - command: {exited: 0}
  - recover: {exited: 0}
`

// What a column of the table asks of a store.
var columns = []struct{ name, fault string }{
	{"states", ""}, {"ext4", ", image: ext4"}, {"xfs", ", image: xfs"},
}

// A line of cases.txt: a store, and for each column `none`, or the kinds of
// states that have to be bad.
type sample struct {
	store string
	right []string
}

func samples(word string) ([]sample, error) {
	lines, err := real.Lines("cases.txt", word)
	var out []sample
	for _, line := range lines {
		words := strings.Fields(line)
		if len(words) != 1+len(columns) {
			return nil, errors.New("cases.txt: " + line)
		}
		out = append(out, sample{words[0], words[1:]})
	}
	if err == nil && len(out) == 0 {
		err = fmt.Errorf("no line of cases.txt has %q", word)
	}
	return out, err
}

// What came of one: the kinds that are bad, and how many states there were.
type result struct {
	verdict string
	said    string
	bad     map[string]int
	tried   int
	lacking int
}

func (r result) kinds() string {
	var out []string
	for kind := range r.bad {
		out = append(out, kind)
	}
	sort.Strings(out)
	if len(out) == 0 {
		return "none"
	}
	return strings.Join(out, ",")
}

func (r result) text() string {
	if r.verdict != "pass" && r.verdict != "fail" {
		return r.verdict
	}
	bad := 0
	for _, n := range r.bad {
		bad += n
	}
	return fmt.Sprintf("%d, %d lacking; bad %d: %s", r.tried, r.lacking, bad, r.kinds())
}

func read(path string, into *result) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var seen struct {
			Fact, Action string
			Number       int
			Names        []string
		}
		if json.Unmarshal(lines.Bytes(), &seen) != nil || seen.Fact != "state_tried" {
			continue
		}
		into.tried++
		if len(seen.Names) > 0 {
			into.lacking++
		}
		if seen.Number != 0 {
			into.bad[seen.Action]++
		}
	}
	return lines.Err()
}

func try(faultrig, folder, store, fault string) (result, error) {
	out := result{bad: map[string]int{}}
	yaml := filepath.Join(folder, "power.yaml")
	text := fmt.Sprintf(scenario, filepath.Join(folder, "promises"), store, fault)
	if err := os.WriteFile(yaml, []byte(text), 0o600); err != nil {
		return out, err
	}
	evidence := filepath.Join(folder, "evidence")
	defer os.RemoveAll(evidence)
	ran := real.Command(faultrig, "run", yaml, "--evidence", evidence)
	said, err := ran.CombinedOutput()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		return out, err
	}
	out.said = strings.Join(strings.Fields(string(said)), " ")
	first, _, _ := strings.Cut(out.said, " ")
	verdicts := map[string]string{"ok": "pass", "FAIL": "fail", "skip": "skipped",
		"VOID": "inconclusive"}
	out.verdict = verdicts[first]
	if out.verdict != "pass" && out.verdict != "fail" {
		return out, nil
	}
	return out, read(filepath.Join(evidence, "power", "evidence.jsonl"), &out)
}

// Where it may be bad in more kinds: `torn?`.
func fits(kinds, right string) bool {
	allowed := map[string]bool{}
	for _, kind := range strings.Split(right, ",") {
		name, perhaps := strings.CutSuffix(kind, "?")
		allowed[name] = true
		has := strings.Contains(","+kinds+",", ","+name+",")
		if !perhaps && !has {
			return false
		}
	}
	for _, kind := range strings.Split(kinds, ",") {
		if !allowed[kind] {
			return false
		}
	}
	return true
}

func row(faultrig, folder string, one sample) (bool, error) {
	good := true
	fmt.Printf("| %s |", one.store)
	for i, column := range columns {
		came, err := try(faultrig, folder, one.store, column.fault)
		if err != nil || real.Told.Err() != nil {
			return false, errors.Join(err, real.Told.Err())
		}
		judged := came.verdict == "pass" || came.verdict == "fail"
		right := came.verdict == "skipped" || judged && fits(came.kinds(), one.right[i])
		good = good && right
		fmt.Printf(" %s |", came.text())
		if !right {
			fmt.Fprintf(os.Stderr, "%s, %s: not %s: %s\n", one.store, column.name,
				one.right[i], came.said)
		}
	}
	fmt.Printf(" %v |\n", good)
	return good, nil
}

func run(faultrig, word string) (bool, error) {
	todo, err := samples(word)
	if err != nil {
		return false, err
	}
	folder, err := os.MkdirTemp("", "faultrig-stores")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(folder)
	build := real.Command("go", "build", "-o", filepath.Join(folder, "promises"), ".")
	build.Dir = "promises"
	if said, err := build.CombinedOutput(); err != nil {
		return false, fmt.Errorf("go build of promises: %w\n%s", err, said)
	}
	good := true
	fmt.Println("| store | states | ext4 | xfs | as it has to be |\n|---|---|---|---|---|")
	for _, one := range todo {
		right, err := row(faultrig, folder, one)
		if err != nil {
			return false, err
		}
		good = good && right
	}
	return good, nil
}

func main() { real.Main("stores", run) }
