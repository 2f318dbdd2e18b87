package main

import (
	"crypto/sha256"
	"fmt"
	"sync"
	"syscall"
	"testing"
)

const workers = 4

// spent is what this process has had of the processor, in nanoseconds: a busy
// machine makes less of a difference to it.
func spent() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

// timed prints what so many goroutines spend on their steps.
func timed(steps int, step func(worker int)) {
	start := spent()
	var running sync.WaitGroup
	for worker := 0; worker < workers; worker++ {
		running.Add(1)
		go func(worker int) {
			defer running.Done()
			for i := 0; i < steps; i++ {
				step(worker)
			}
		}(worker)
	}
	running.Wait()
	fmt.Println(spent() - start)
}

var sums [workers][32]byte

func TestComputes(t *testing.T) {
	timed(400_000, func(worker int) {
		sums[worker] = sha256.Sum256(sums[worker][:])
	})
}

var kept [workers][]byte

func TestAllocates(t *testing.T) {
	timed(400_000, func(worker int) {
		kept[worker] = make([]byte, 1024)
	})
}

// All want one lock at nearly every step.
func TestContends(t *testing.T) {
	var lock sync.Mutex
	count := 0
	timed(200_000, func(int) {
		lock.Lock()
		count++
		lock.Unlock()
	})
}

// Each step waits for another goroutine.
func TestHandsOver(t *testing.T) {
	var lines [workers]chan int
	for worker := range lines {
		line := make(chan int)
		lines[worker] = line
		go func() {
			for range line {
			}
		}()
	}
	timed(50_000, func(worker int) { lines[worker] <- 1 })
}
