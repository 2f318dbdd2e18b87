// Command leaves_child stops well, and forgets a program that it has started.
package main

import (
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

func main() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	if exec.Command("sleep", "600").Start() != nil {
		os.Exit(1)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		os.Exit(1)
	}
	server := &http.Server{}
	go server.Serve(listener)
	<-signals
	server.Shutdown(context.Background())
}
