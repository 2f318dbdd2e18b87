// The deed: takes memory in steps of 8 MiB, touches all of it, and says how
// much it holds, up to FIXTURE_MIB (256).
package hoard

import (
	"fmt"
	"os"
	"runtime"
	"testing"

	"faultrig.example/fixtures/internal/fixture"
)

const stepMiB = 8

func TestHoard(t *testing.T) {
	var held [][]byte
	for size := stepMiB; size <= fixture.Number("FIXTURE_MIB", 256); size += stepMiB {
		block := make([]byte, stepMiB<<20)
		for i := 0; i < len(block); i += os.Getpagesize() {
			block[i] = 1
		}
		held = append(held, block)
		fmt.Printf("holding %d MiB\n", size)
		fixture.Pause()
	}
	runtime.KeepAlive(held)
	fmt.Println("was given all it wanted")
}
