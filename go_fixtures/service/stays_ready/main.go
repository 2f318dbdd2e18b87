// Command stays_ready drains for a while before it shuts down, as it should, and
// never says so: /ready answers 200 until it listens no more, and its balancer
// sends it requests to the end.
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

func main() {
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "hello") })
	http.HandleFunc("/ready", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "ready") })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	server := &http.Server{}
	go server.Serve(listener)
	<-stop.Done()
	time.Sleep(500 * time.Millisecond)
	check(server.Shutdown(context.Background()))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
