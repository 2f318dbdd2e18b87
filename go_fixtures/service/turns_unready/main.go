// Command turns_unready is a server that stops as a balancer wants it: once it
// is told to, /ready answers 503 while everything else goes on, and only then it
// shuts down. It removes its pid file.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

func main() {
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()
	addr := flag.String("addr", "127.0.0.1:0", "where to listen")
	lag := flag.Duration("lag", 300*time.Millisecond, "how long it is unready before it shuts down")
	pid := flag.String("pid", "", "a file for its pid")
	flag.Parse()

	var stopping atomic.Bool
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "hello") })
	http.HandleFunc("/ready", func(w http.ResponseWriter, r *http.Request) {
		if stopping.Load() {
			http.Error(w, "stopping", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	})
	if *pid != "" {
		check(os.WriteFile(*pid, []byte(fmt.Sprint(os.Getpid())), 0o600))
		defer os.Remove(*pid)
	}
	listener, err := net.Listen("tcp", *addr)
	check(err)
	server := &http.Server{}
	go server.Serve(listener)

	<-stop.Done()
	stopping.Store(true)
	time.Sleep(*lag)
	within, done := context.WithTimeout(context.Background(), 5*time.Second)
	defer done()
	check(server.Shutdown(within))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
