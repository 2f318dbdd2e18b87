// The deed: runs the program given and exits with its ExitCode, as many tools
// do. For a child that a signal ended, ExitCode is -1.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
)

func main() {
	child := exec.Command(os.Args[1], os.Args[2:]...)
	child.Stdout = os.Stdout
	child.Stderr = os.Stderr
	err := child.Run()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		fmt.Println("the child ended:", err)
		os.Exit(ended.ExitCode())
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
