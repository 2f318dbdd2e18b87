// Command exports_spans is a server that tells by OTLP how long it took to
// answer, each 100 ms and when it has been told to stop.
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"faultrig.example/fixtures/exports"
)

func main() {
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()
	exporter := exports.New("names")
	http.HandleFunc("/name", func(w http.ResponseWriter, r *http.Request) {
		request := exporter.Start("GET /name", nil)
		reading := exporter.Start("read name", request)
		name, err := os.ReadFile("/proc/self/comm")
		reading.End(err)
		fmt.Fprintf(w, "%s", name)
		request.End(err)
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	server := &http.Server{}
	go func() { _ = server.Serve(listener) }()
	for ticks := time.NewTicker(100 * time.Millisecond); ; {
		select {
		case <-ticks.C:
			flush(exporter)
		case <-stop.Done():
			within, done := context.WithTimeout(context.Background(), 5*time.Second)
			defer done()
			_ = server.Shutdown(within)
			flush(exporter)
			return
		}
	}
}

func flush(exporter *exports.Exporter) {
	if err := exporter.Flush(true); err != nil {
		fmt.Fprintln(os.Stderr, "spans are lost:", err)
	}
}
