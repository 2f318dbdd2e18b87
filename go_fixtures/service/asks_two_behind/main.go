// Command asks_two_behind needs a store, and asks a cache before it: the cache
// with a deadline, and goes on without it, the store with none. It stops as it
// should.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
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
	cache := flag.String("cache", "http://127.0.0.1:8097", "may be away")
	store := flag.String("store", "http://127.0.0.1:8098", "must be there")
	flag.Parse()
	log.SetFlags(0)

	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if err := askCache(r.Context(), *cache+r.URL.Path); err != nil {
			log.Printf("without the cache: %v", err)
		}
		if err := askStore(w, *store+r.URL.Path); err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
		}
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	server := &http.Server{}
	go server.Serve(listener)
	<-stop.Done()

	within, done := context.WithTimeout(context.Background(), 4*time.Second)
	defer done()
	check(server.Shutdown(within))
}

func askCache(asked context.Context, url string) error {
	within, done := context.WithTimeout(asked, 2*time.Second)
	defer done()
	request, err := http.NewRequestWithContext(within, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return err
}

// No deadline: it waits as long as the store does.
func askStore(w io.Writer, url string) error {
	answer, err := http.Get(url)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, err = io.Copy(w, answer.Body)
	return err
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "asks_two_behind:", err)
		os.Exit(1)
	}
}
