// Command closes_idle loses the race for idle connections, each time: told to
// stop it closes those on which nothing is asked, as net/http does, in the very
// moment in which the next request arrives. That it is the same moment is made
// certain here: it waits until a byte is there, and reads none. The kernel answers
// with a reset, and no client can tell that from a request that was lost half way.
package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// A connection that gives no byte any more once the server stops.
type kept struct {
	net.Conn
	stopping <-chan struct{}
}

func (k kept) Read(into []byte) (int, error) {
	raw, err := k.Conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		return 0, err
	}
	// Waits for a byte, and leaves it there.
	err = raw.Read(func(fd uintptr) bool {
		_, _, err := syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK)
		return err != syscall.EAGAIN
	})
	select {
	case <-k.stopping:
		return 0, net.ErrClosed
	default:
	}
	if err != nil {
		return 0, err
	}
	return k.Conn.Read(into)
}

func serve(connection net.Conn, stopping <-chan struct{}) {
	defer connection.Close()
	reader := bufio.NewReader(kept{connection, stopping})
	for {
		if _, err := http.ReadRequest(reader); err != nil {
			return
		}
		fmt.Fprint(connection, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n")
	}
}

func main() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	stopping := make(chan struct{})
	go func() {
		<-signals
		close(stopping)
		listener.Close()
	}()
	var open sync.WaitGroup
	for {
		connection, err := listener.Accept()
		if err != nil {
			break
		}
		open.Add(1)
		go func() {
			defer open.Done()
			serve(connection, stopping)
		}()
	}
	closed := make(chan struct{})
	go func() { open.Wait(); close(closed) }()
	select {
	case <-closed:
	case <-time.After(5 * time.Second):
	}
}
