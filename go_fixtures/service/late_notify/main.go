// Command late_notify asks for signals too late: it listens, warms up, and only
// then calls signal.Notify. A signal in between kills it, with connections in
// its backlog.
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
)

// warmUp reads what a server might want to know of its machine.
func warmUp() {
	for _, file := range []string{"/etc/hostname", "/etc/hosts", "/etc/resolv.conf", "/etc/services"} {
		os.ReadFile(file)
	}
}

func main() {
	addr := flag.String("addr", "127.0.0.1:0", "where to listen")
	flag.Parse()
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "hello") })

	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	warmUp()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, os.Interrupt)

	server := &http.Server{}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	<-signals
	server.Shutdown(context.Background())
	<-served
}
