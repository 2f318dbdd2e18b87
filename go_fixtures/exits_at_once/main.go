// The deed: a program, for command workloads, that exits 255.
package main

import "os"

func main() {
	os.Exit(255)
}
