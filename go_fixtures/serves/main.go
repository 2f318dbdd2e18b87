// The deed: a service, for command workloads. Serves HTTP until SIGTERM, lets
// open requests end, and exits 0; also by itself after FIXTURE_WAIT.
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

	"faultrig.example/fixtures/internal/fixture"
)

func main() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Printf("cannot listen: %s\n", fixture.Errno(err))
		os.Exit(1)
	}
	server := &http.Server{Handler: http.HandlerFunc(greet)}
	go server.Serve(listener)
	fmt.Println("serving")
	select {
	case <-signals:
		fmt.Println("got SIGTERM, closing")
	case <-time.After(fixture.Wait()):
		fmt.Println("nobody stopped me, closing")
	}
	if err := server.Shutdown(context.Background()); err != nil {
		fmt.Println("not closed:", err)
		os.Exit(1)
	}
	fmt.Println("closed, exiting 0")
}

func greet(response http.ResponseWriter, request *http.Request) {
	fmt.Fprint(response, "hello")
}
