// Command gives_up keeps what is posted to /items, until a write fails once:
// it remembers the error and never writes again, though the disk is well by
// then. Many stores do that on purpose, and nobody is told when to start them
// again.
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

type store struct {
	sync.Mutex
	file   *os.File
	failed error
}

func main() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	file, err := os.CreateTemp("", "items")
	check(err)
	defer os.Remove(file.Name())
	http.Handle("/items", &store{file: file})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	go http.Serve(listener, nil)
	<-stop
}

func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.Lock()
	defer s.Unlock()
	if r.Method == http.MethodGet {
		return
	}
	if s.failed == nil {
		_, s.failed = io.Copy(s.file, r.Body)
	}
	if s.failed == nil {
		s.failed = s.file.Sync()
	}
	if s.failed != nil {
		http.Error(w, s.failed.Error(), http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
