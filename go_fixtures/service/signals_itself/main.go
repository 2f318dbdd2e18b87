// Command signals_itself shuts down as it should, and then sends the signal to
// itself again, so that its parent sees what it died of: by kill(2), or by
// tgkill(2) with -tgkill. As PID 1 that does nothing, and it exits 0.
package main

import (
	"context"
	"flag"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	tgkill := flag.Bool("tgkill", false, "end by tgkill(2)")
	flag.Parse()
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
	if *tgkill {
		// The first thread has the process's number.
		self := uintptr(os.Getpid())
		syscall.Syscall(syscall.SYS_TGKILL, self, self, uintptr(syscall.SIGTERM))
	}
	syscall.Kill(os.Getpid(), syscall.SIGTERM)
	time.Sleep(time.Second)
}
