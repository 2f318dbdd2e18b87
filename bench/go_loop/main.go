// goloop getppid|open COUNT: two goroutines, nanoseconds a call, on stdout.
package main

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"
)

func main() {
	count, _ := strconv.Atoi(os.Args[2])
	start := time.Now()
	var running sync.WaitGroup
	for i := 0; i < 2; i++ {
		running.Add(1)
		go func() {
			defer running.Done()
			loop(os.Args[1], count/2)
		}()
	}
	running.Wait()
	fmt.Println(time.Since(start).Nanoseconds() / int64(count))
}

func loop(call string, count int) {
	for i := 0; i < count; i++ {
		if call == "getppid" {
			syscall.Getppid()
			continue
		}
		fd, err := syscall.Open("/etc/hostname", syscall.O_RDONLY, 0)
		if err == nil {
			syscall.Close(fd)
		}
	}
}
