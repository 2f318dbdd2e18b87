// Command exits_143 shuts down as it should, and then exits with 128 and the
// number of the signal, as a shell would show it.
package main

import (
	"context"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		os.Exit(1)
	}
	server := &http.Server{}
	go server.Serve(listener)
	<-signals
	if server.Shutdown(context.Background()) != nil {
		os.Exit(1)
	}
	os.Exit(128 + int(syscall.SIGTERM))
}
