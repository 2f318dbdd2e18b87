// Sweeps real packages and programs at pinned versions, in which it was seen
// before what becomes of an error, and compares: what is a finding has to be
// found, and what is right has to be left alone. Prints a table; ends with 1 if
// an outcome is another one.
//
//	cd bench/field && go run . PATH/TO/faultrig [WORD]
//
// WORD: only the lines of cases.txt in which it stands.
package main

import (
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

// What an old module needs stands in no go.sum of today.
func command(folder, name string, words ...string) *exec.Cmd {
	started := real.Command(name, words...)
	started.Dir = folder
	started.Env = append(os.Environ(), "GOFLAGS=-mod=mod")
	return started
}

func said(folder, name string, words ...string) error {
	out, err := command(folder, name, words...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, strings.Join(words, " "), err,
			strings.TrimSpace(string(out)))
	}
	return nil
}

// A line of cases.txt: a module, or deb:PACKAGE, at a version, what of it is
// swept, and the outcomes that are right: the first has to be there.
type sample struct {
	name, source, version, folder string
	options                       []string
	right                         []string
}

func samples(path, word string) ([]sample, error) {
	all, err := real.Lines(path, word)
	var out []sample
	for _, line := range all {
		what, right, found := strings.Cut(line, "=>")
		words := strings.Fields(what)
		if !found || len(words) < 4 {
			continue
		}
		out = append(out, sample{words[0], words[1], words[2], words[3],
			words[4:], strings.Fields(right)})
	}
	return out, err
}

// A copy that may be written, made once.
func (s sample) checkout(scratch string) (string, error) {
	place := filepath.Join(scratch,
		strings.NewReplacer("/", "_", ":", "_").Replace(s.source+"@"+s.version))
	if _, err := os.Stat(place); err == nil {
		return place, nil
	}
	if deb, found := strings.CutPrefix(s.source, "deb:"); found {
		return place, unpack(deb+"="+s.version, place)
	}
	load := command(scratch, "go", "mod", "download", "-json",
		s.source+"@"+s.version)
	out, err := load.Output()
	var module struct{ Dir, Error string }
	if json.Unmarshal(out, &module) != nil || err != nil {
		return "", fmt.Errorf("%s: %v %s", s.source, err, module.Error)
	}
	if err := said(scratch, "cp", "-r", module.Dir, place); err != nil {
		return "", err
	}
	if err := said(scratch, "chmod", "-R", "u+w", place); err != nil {
		return "", err
	}
	return place, dropNeighbours(place)
}

// What a module of a repository takes from beside it is not there.
func dropNeighbours(place string) error {
	out, err := command(place, "go", "mod", "edit", "-json").Output()
	var module struct {
		Replace []struct{ Old, New struct{ Path string } }
	}
	if json.Unmarshal(out, &module) != nil || err != nil {
		return fmt.Errorf("%s: go mod edit: %v", place, err)
	}
	for _, one := range module.Replace {
		if strings.HasPrefix(one.New.Path, ".") {
			err := said(place, "go", "mod", "edit", "-dropreplace="+one.Old.Path)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// A package of Debian, without installing it. Its sources of Go are no module.
func unpack(deb, place string) error {
	if err := os.Mkdir(place, 0o755); err != nil {
		return err
	}
	if err := said(place, "apt-get", "-qq", "download", deb); err != nil {
		return err
	}
	files, _ := filepath.Glob(filepath.Join(place, "*.deb"))
	if len(files) != 1 {
		return errors.New(deb + ": no package came")
	}
	return said(place, "dpkg", "-x", files[0], place)
}

func makeModule(folder string) error {
	if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
		return nil
	}
	_, path, found := strings.Cut(folder, "/gocode/src/")
	if !found {
		return nil
	}
	if err := said(folder, "go", "mod", "init", path); err != nil {
		return err
	}
	return said(folder, "go", "mod", "tidy")
}

type point struct{ Call, Error, Each, Outcome, Because string }

// Sweeps it. Tests that fail by themselves at times, as those do that go by a
// clock, are not swept: then it is asked again.
func (s sample) sweep(faultrig, place string) (points []point, err error) {
	for try := 0; try < 5 && len(points) == 0; try++ {
		points, err = s.sweepOnce(faultrig, place)
	}
	return points, err
}

func (s sample) sweepOnce(faultrig, place string) ([]point, error) {
	words := []string{"sweep", "--report", "json"}
	folder := filepath.Join(place, s.folder)
	if script, is := strings.CutPrefix(s.folder, "./"); is &&
		strings.HasSuffix(script, ".sh") {
		here, _ := os.Getwd()
		folder = place
		words = append(append(words, s.options...), "--", "bash",
			filepath.Join(here, script), place)
	} else {
		if err := makeModule(folder); err != nil {
			return nil, err
		}
		words = append(words, s.options...)
	}
	run := command(folder, faultrig, words...)
	out, err := run.Output()
	var report struct {
		Points  []point
		Because string
	}
	if json.Unmarshal(out, &report) != nil {
		return nil, fmt.Errorf("%s: %v: %s", s.name, err, out)
	}
	if len(report.Points) == 0 {
		return nil, fmt.Errorf("%s: %s", s.name, report.Because)
	}
	return report.Points, nil
}

func counts(points []point) string {
	times := map[string]int{}
	for _, one := range points {
		times[one.Outcome]++
	}
	var words []string
	for outcome, n := range times {
		words = append(words, fmt.Sprintf("%d %s", n, outcome))
	}
	sort.Strings(words)
	return strings.Join(words, ", ")
}

// What of it is another outcome than is right.
func (s sample) wrong(points []point) []string {
	var out []string
	first := false
	for _, one := range points {
		first = first || one.Outcome == s.right[0]
		fits := false
		for _, outcome := range s.right {
			fits = fits || one.Outcome == outcome
		}
		if !fits {
			out = append(out, fmt.Sprintf("%s %s %s: %s: %s", one.Call,
				one.Error, one.Each, one.Outcome, one.Because))
		}
	}
	if !first {
		out = append(out, "no point is "+s.right[0])
	}
	return out
}

func compare(s sample, faultrig, scratch string) (bool, error) {
	place, err := s.checkout(scratch)
	if err != nil {
		return false, err
	}
	points, err := s.sweep(faultrig, place)
	if real.Told.Err() != nil {
		return false, real.Told.Err()
	}
	var wrong []string
	if err != nil {
		wrong = []string{err.Error()}
	} else {
		wrong = s.wrong(points)
	}
	fmt.Printf("| %s | %s %s %s | `%s` | %s | %s | %d |\n", s.name, s.source,
		s.version, s.folder,
		strings.ReplaceAll(strings.Join(s.options, " "), "|", "\\|"),
		strings.Join(s.right, ", "), counts(points), len(wrong))
	for _, one := range wrong {
		fmt.Fprintln(os.Stderr, s.name+":", one)
	}
	return len(wrong) == 0, nil
}

func compareAll(faultrig, word string) (bool, error) {
	all, err := samples("cases.txt", word)
	if err != nil {
		return false, err
	}
	scratch, err := os.MkdirTemp("", "faultrig-field")
	if err != nil {
		return false, err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	fmt.Println("| case | of | swept | right | came out | wrong |")
	fmt.Println("|---|---|---|---|---|---|")
	right := true
	for _, s := range all {
		fits, err := compare(s, faultrig, scratch)
		if err != nil {
			return false, err
		}
		right = right && fits
	}
	return right, nil
}

func main() { real.Main("field", compareAll) }
