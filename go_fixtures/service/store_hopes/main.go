// Command store_hopes acknowledges what is posted to /items at once, writes it
// when it shuts down, and does not look whether that went well: with a full disk
// all is lost, and it exits 0.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
)

type store struct {
	sync.Mutex
	items []string
	file  *os.File
}

func main() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	data := flag.String("data", "data", "its folder")
	flag.Parse()

	check(os.MkdirAll(*data, 0o700))
	file, err := os.OpenFile(filepath.Join(*data, "items"), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	check(err)
	kept := &store{file: file}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		kept.items = append(kept.items, lines.Text())
	}
	http.Handle("/items", kept)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	go http.Serve(listener, nil)
	<-stop
	kept.Lock()
	fmt.Fprintln(file, strings.Join(kept.items, "\n"))
	file.Close()
}

func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.Lock()
	defer s.Unlock()
	if r.Method == http.MethodGet {
		fmt.Fprintf(w, "[%s]\n", strings.Join(s.items, ",\n"))
		return
	}
	item, err := io.ReadAll(r.Body)

	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	s.items = append(s.items, string(item))
	w.WriteHeader(http.StatusCreated)
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
