// Package real is what the programs share that try faultrig on real modules,
// packages and servers.
package real

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Told is done when we are told to end.
var Told, _ = signal.NotifyContext(context.Background(), os.Interrupt,
	syscall.SIGTERM, syscall.SIGHUP)

// Command makes a command that ends with us, and all in its process group: else
// tests would go on in a folder that we remove.
func Command(name string, words ...string) *exec.Cmd {
	started := exec.CommandContext(Told, name, words...)
	started.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	started.Cancel = func() error {
		return syscall.Kill(-started.Process.Pid, syscall.SIGTERM)
	}
	started.WaitDelay = 30 * time.Second
	return started
}

// Lines gives the lines of a list in which the word stands, without its remarks.
func Lines(path, word string) ([]string, error) {
	text, err := os.ReadFile(path)
	var out []string
	for _, line := range strings.Split(string(text), "\n") {
		if line != "" && !strings.HasPrefix(line, "#") && strings.Contains(line, word) {
			out = append(out, line)
		}
	}
	return out, err
}

// Main reads `NAME FAULTRIG [WORD]`, does it, and ends with 0 where all was as it
// has to be, 1 where something was not, 3 where it could not be tried.
func Main(name string, try func(faultrig, word string) (bool, error)) {
	if len(os.Args) < 2 {
		fmt.Fprintf(os.Stderr, "usage: %s FAULTRIG [WORD]\n", name)
		os.Exit(2)
	}
	faultrig, err := filepath.Abs(os.Args[1])
	good := false
	if err == nil {
		good, err = try(faultrig, strings.Join(os.Args[2:], " "))
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(3)
	}
	if !good {
		os.Exit(1)
	}
}
