// Command good is a server that stops as it should: it asks for signals before
// anything else, stops taking connections, answers what it has read, and
// returns from main when Shutdown has.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()
	addr := flag.String("addr", "127.0.0.1:0", "where to listen")
	flag.Parse()

	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "hello") })
	http.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(100 * time.Millisecond)
		fmt.Fprintln(w, "slow hello")
	})
	http.HandleFunc("/second", func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(time.Second)
		fmt.Fprintln(w, "a second later")
	})
	// Who asks for this is in flight when the server is told to stop.
	http.HandleFunc("/held", func(w http.ResponseWriter, r *http.Request) {
		<-stop.Done()
		time.Sleep(100 * time.Millisecond)
		fmt.Fprintln(w, "held hello")
	})
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	server := &http.Server{}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()

	select {
	case err := <-served:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	case <-stop.Done():
	}
	within, done := context.WithTimeout(context.Background(), 5*time.Second)
	defer done()
	if err := server.Shutdown(within); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
