// Command main_exits_first returns from main too early: ListenAndServe returns
// as soon as Shutdown is called, not when it has returned
// (https://pkg.go.dev/net/http#Server.Shutdown), and with main ends whatever
// was being answered. It exits 0.
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
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, os.Interrupt)
	addr := flag.String("addr", "127.0.0.1:0", "where to listen")
	flag.Parse()

	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "hello") })
	http.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(100 * time.Millisecond)
		fmt.Fprintln(w, "slow hello")
	})
	// Who asks for this is in flight when the server is told to stop.
	http.HandleFunc("/held", func(w http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
	})
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	server := &http.Server{}
	go func() {
		<-signals
		server.Shutdown(context.Background())
	}()
	server.Serve(listener)
}
