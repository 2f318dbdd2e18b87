// Runs real servers at pinned versions under the scenarios of this folder, and
// the shutdown map of one, and asks of each whether it came out as cases.txt
// says. Prints the table of docs/services.md; ends with 1 if one differs.
//
//	cd bench/services && go run . PATH/TO/faultrig [WORD]
//
// WORD: only the lines of cases.txt in which it stands.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"faultrig.example/bench/real"
)

// Puts the servers into bin.
func install(bin string) error {
	servers, err := real.Lines("servers.txt", "")
	if err != nil {
		return err
	}
	for _, line := range servers {
		words := strings.Fields(line)
		fmt.Fprintln(os.Stderr, "services: installing", words[0], words[2])
		get := real.Command("go", "install", words[1]+"@"+words[2])
		get.Env = append(os.Environ(), "GOBIN="+bin, "GOFLAGS=-buildvcs=false")
		if said, err := get.CombinedOutput(); err != nil {
			return fmt.Errorf("go install %s: %w\n%s", words[1], err, said)
		}
	}
	for _, ours := range []string{"grpc", "asks_database", "traces"} {
		build := real.Command("go", "build", "-o", filepath.Join(bin, ours), ".")
		build.Dir = ours
		if said, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("go build of %s: %w\n%s", ours, err, said)
		}
	}
	return nil
}

// A line of cases.txt.
type attempt struct {
	kind, what, verdict, says string
}

func attempts(word string) ([]attempt, error) {
	all, err := real.Lines("cases.txt", word)
	var out []attempt
	for _, line := range all {
		parts := append(strings.SplitN(line, ": ", 3), "")
		kind, what, _ := strings.Cut(parts[0], " ")
		out = append(out, attempt{kind, what, parts[1], parts[2]})
	}
	if err == nil && len(out) == 0 {
		err = fmt.Errorf("no line of cases.txt has %q", word)
	}
	return out, err
}

// The verdict of one, and all that was said of it.
func try(faultrig string, one attempt) (string, string) {
	words := []string{"run", one.what + ".yaml"}
	if one.kind == "map" {
		words = append([]string{"shutdown", "-j", "2", "--times", "3", "--steps", "10", "--"},
			strings.Fields(one.what)...)
	}
	said, err := real.Command(faultrig, words...).CombinedOutput()
	var ended *exec.ExitError
	code := 0
	if errors.As(err, &ended) {
		code = ended.ExitCode()
	} else if err != nil {
		return err.Error(), ""
	}
	verdicts := map[int]string{0: "pass", 1: "fail", 2: "usage", 3: "inconclusive"}
	verdict, known := verdicts[code]
	if !known {
		verdict = fmt.Sprint("code ", code)
	}
	// As one line: a report wraps what is long.
	return verdict, strings.Join(strings.Fields(string(said)), " ")
}

func run(faultrig, word string) (bool, error) {
	todo, err := attempts(word)
	if err != nil {
		return false, err
	}
	bin, err := os.MkdirTemp("", "faultrig-services")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(bin)
	if err := install(bin); err != nil {
		return false, err
	}
	os.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	good := true
	fmt.Println("| what | verdict | it says | as it has to be |\n|---|---|---|---|")
	for _, one := range todo {
		verdict, said := try(faultrig, one)
		right := verdict == one.verdict && strings.Contains(said, one.says)
		good = good && right
		fmt.Printf("| %s %s | %s | %s | %v |\n", one.kind, one.what, verdict, one.says, right)
		if !right {
			fmt.Fprintln(os.Stderr, said)
		}
		if real.Told.Err() != nil {
			return false, real.Told.Err()
		}
	}
	return good, nil
}

func main() { real.Main("services", run) }
