// Command speaks is a server that stops as it should, in the protocol that its
// flags name.
package main

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"faultrig.example/fixtures/internal/plaingrpc"
	"faultrig.example/fixtures/internal/selfsigned"
)

func main() {
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()
	addr := flag.String("addr", "127.0.0.1:0", "where to listen")
	secure := flag.Bool("tls", false, "speak TLS")
	plain := flag.Bool("h2c", false, "speak HTTP/2 without TLS")
	flag.Parse()

	server := &http.Server{}
	routes(stop)
	if *plain {
		speakH2(server)
	}
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

func routes(stop context.Context) {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "hello") })
	http.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(100 * time.Millisecond)
		fmt.Fprintln(w, "slow hello")
	})
	// Who asks for this is in flight when the server is told to stop.
	http.HandleFunc("/held", func(w http.ResponseWriter, r *http.Request) {
		<-stop.Done()
		time.Sleep(100 * time.Millisecond)
		fmt.Fprintln(w, "held hello")
	})
	http.HandleFunc("/upload", func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		fmt.Fprintln(w, n, "bytes")
	})
	// Its events end when the server is to stop: Shutdown would wait for them.
	http.HandleFunc("/events", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "data: hello\n\n")
		w.(http.Flusher).Flush()
		<-stop.Done()
		fmt.Fprint(w, "data: goodbye\n\n")
	})
	http.HandleFunc("/grpc.health.v1.Health/Check",
		plaingrpc.Health(func() bool { return stop.Err() == nil }))
	http.HandleFunc("/test.Echo/Held", func(w http.ResponseWriter, r *http.Request) {
		message := plaingrpc.Message(r)
		plaingrpc.Begin(w)
		<-stop.Done()
		time.Sleep(100 * time.Millisecond)
		plaingrpc.Send(w, message)
		plaingrpc.End(w, plaingrpc.OK)
	})
	http.HandleFunc("/test.Echo/Stream", func(w http.ResponseWriter, r *http.Request) {
		plaingrpc.Begin(w)
		plaingrpc.Send(w, []byte("one"))
		<-stop.Done()
		plaingrpc.End(w, plaingrpc.OK)
	})
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
