// Command answers_first acknowledges what is posted to /items and writes it in a
// goroutine behind the answer. Shutdown waits for handlers, not for what they
// have started: main returns, and what is not written by then is lost.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

const file = "data/items"

func main() {
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()
	check(os.MkdirAll(filepath.Dir(file), 0o700))
	http.HandleFunc("/items", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			http.ServeFile(w, r, file)
			return
		}
		item, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		go write(item)
		w.WriteHeader(http.StatusCreated)
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	server := &http.Server{}
	go server.Serve(listener)
	<-stop.Done()
	check(server.Shutdown(context.Background()))
}

// As slow as a queue that stands behind others.
func write(item []byte) {
	time.Sleep(2 * time.Second)
	items, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	check(err)
	_, err = fmt.Fprintf(items, "%s\n", item)
	check(err)
	check(items.Close())
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
