// Command signals_itself shuts down as it should, and then sends the signal to
// itself again, so that its parent sees what it died of. As PID 1 that does
// nothing, and it exits 0.
package main

import (
	"context"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
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
	signal.Reset(syscall.SIGTERM)
	syscall.Kill(os.Getpid(), syscall.SIGTERM)
	time.Sleep(time.Second)
}
