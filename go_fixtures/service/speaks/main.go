// Command speaks is a server that stops as it should, in the protocol that its
// flags name.
package main

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"faultrig.example/fixtures/internal/selfsigned"
)

func main() {
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()
	addr := flag.String("addr", "127.0.0.1:0", "where to listen")
	secure := flag.Bool("tls", false, "speak TLS")
	flag.Parse()

	server := &http.Server{}
	routes()
	listener, err := net.Listen("tcp", *addr)
	check(err)
	served := make(chan error, 1)
	if *secure {
		server.TLSConfig = &tls.Config{
			Certificates: []tls.Certificate{selfsigned.Certificate()}}
		go func() { served <- server.ServeTLS(listener, "", "") }()
	} else {
		go func() { served <- server.Serve(listener) }()
	}

	select {
	case err := <-served:
		check(err)
	case <-stop.Done():
	}
	within, done := context.WithTimeout(context.Background(), 5*time.Second)
	defer done()
	check(server.Shutdown(within))
}

func routes() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "hello") })
	http.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(100 * time.Millisecond)
		fmt.Fprintln(w, "slow hello")
	})
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
