// Command front needs another server: it asks it once at its start, and ends
// with 1 where nobody answers; each request is answered with what that one
// says. It stops as it should.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
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
	back := flag.String("back", "http://127.0.0.1:8099", "the server that it needs")
	flag.Parse()

	first, err := http.Get(*back)
	check(err)
	first.Body.Close()
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		answer, err := http.Get(*back + r.URL.Path)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer answer.Body.Close()
		w.WriteHeader(answer.StatusCode)
		io.Copy(w, answer.Body)
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	server := &http.Server{}
	go server.Serve(listener)
	<-stop.Done()

	within, done := context.WithTimeout(context.Background(), 5*time.Second)
	defer done()
	check(server.Shutdown(within))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "front:", err)
		os.Exit(1)
	}
}
