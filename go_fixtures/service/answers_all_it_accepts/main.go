// Command answers_all_it_accepts is a server whose stop nothing can slip
// through: told to stop it closes its listener, and waits until no connection
// can be accepted any more before it waits for those that were. Each of these
// is answered, also where its request comes late.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"
)

func answer(conn net.Conn) {
	defer conn.Close()
	request, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return
	}
	time.Sleep(100 * time.Millisecond)
	body := "slow hello\n"
	(&http.Response{
		StatusCode: http.StatusOK, ProtoMajor: 1, ProtoMinor: 1, Close: true,
		Request: request, ContentLength: int64(len(body)),
		Body: io.NopCloser(strings.NewReader(body)),
	}).Write(conn)
}

func main() {
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	go func() {
		<-stop.Done()
		listener.Close()
	}()
	var answered sync.WaitGroup
	for {
		conn, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			break
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		answered.Add(1)
		go func() {
			defer answered.Done()
			answer(conn)
		}()
	}
	answered.Wait()
}
