// goloop getppid|open COUNT: two goroutines, nanoseconds a call, on stdout.
// goloop sum COUNT PARKED: nanoseconds of all steps, beside so many goroutines
// that wait for ever.
// goloop now|pwrite COUNT: one goroutine, nanoseconds each.
// goloop dial|copy COUNT ADDRESS: nanoseconds a connection, or a KiB that is
// sent, of a server that `goloop serve` is: it prints its port.
package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"
)

func main() {
	if os.Args[1] == "serve" {
		serve()
	}
	count, _ := strconv.Atoi(os.Args[2])
	switch os.Args[1] {
	case "now", "pwrite", "dial", "copy":
		alone(os.Args[1], count, os.Args[3:])
	default:
		together(os.Args[1], count, os.Args[3:])
	}
}

func together(word string, count int, more []string) {
	if len(more) > 0 {
		park(more[0])
	}
	start := time.Now()
	var running sync.WaitGroup
	for i := 0; i < 2; i++ {
		running.Add(1)
		go func() {
			defer running.Done()
			loop(word, count/2)
		}()
	}
	running.Wait()
	took := time.Since(start).Nanoseconds()
	if word == "sum" {
		count = 1
	}
	fmt.Println(took / int64(count))
}

func park(number string) {
	count, _ := strconv.Atoi(number)
	never := make(chan int)
	for i := 0; i < count; i++ {
		go func() { <-never }()
	}
}

var total [2]int

func loop(call string, count int) {
	sum := 0
	for i := 0; i < count; i++ {
		if call == "sum" {
			sum += i ^ sum
			continue
		}
		if call == "getppid" {
			syscall.Getppid()
			continue
		}
		fd, err := syscall.Open("/etc/hostname", syscall.O_RDONLY, 0)
		if err == nil {
			syscall.Close(fd)
		}
	}
	total[count%2] = sum
}

func serve() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	for {
		connection, err := listener.Accept()
		check(err)
		go answer(connection)
	}
}

// A length of eight bytes, so many bytes, and then one back.
func answer(connection net.Conn) {
	defer connection.Close()
	var length int64
	if binary.Read(connection, binary.LittleEndian, &length) != nil {
		return
	}
	io.CopyN(io.Discard, connection, length)
	connection.Write([]byte("!"))
}

func alone(word string, count int, more []string) {
	deeds := map[string]func(int, []string){
		"now": now, "pwrite": pwrite, "dial": dial, "copy": send}
	// The first is begun only when all that stands around it is in place.
	deeds[word](1, more)
	start := time.Now()
	deeds[word](count, more)
	fmt.Println(time.Since(start).Nanoseconds() / int64(count))
}

var last time.Time

func now(count int, _ []string) {
	for i := 0; i < count; i++ {
		last = time.Now()
	}
}

func pwrite(count int, folder []string) {
	file, err := os.Create(folder[0] + "/goloop")
	check(err)
	defer os.Remove(file.Name())
	for i := 0; i < count; i++ {
		_, err := file.WriteAt([]byte("x"), 0)
		check(err)
	}
	file.Close()
}

func dial(count int, address []string) {
	for i := 0; i < count; i++ {
		connection, err := net.Dial("tcp", address[0])
		check(err)
		connection.Close()
	}
}

func send(count int, address []string) {
	connection, err := net.Dial("tcp", address[0])
	check(err)
	check(binary.Write(connection, binary.LittleEndian, int64(count)<<10))
	block := make([]byte, 64<<10)
	for left := count << 10; left > 0; left -= len(block) {
		if left < len(block) {
			block = block[:left]
		}
		_, err := connection.Write(block)
		check(err)
	}
	_, err = io.ReadFull(connection, block[:1])
	check(err)
	connection.Close()
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "goloop:", err)
		os.Exit(1)
	}
}
