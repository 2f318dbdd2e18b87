// Command says_it_listens prints its line before it calls listen(2), with some
// work in between: whoever waits for that line finds nobody there.
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const addr = "127.0.0.1:8080"

func main() {
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()
	fmt.Println("listening on", addr)
	select { // loads its templates
	case <-stop.Done():
		return
	case <-time.After(2 * time.Second):
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	server := &http.Server{}
	go server.Serve(listener)
	<-stop.Done()
	server.Shutdown(context.Background())
}
