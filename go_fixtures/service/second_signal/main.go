// Command second_signal lets go of SIGTERM when the first one has come, as the
// documentation of signal.NotifyContext shows it: the second one ends it, and
// whatever it was answering. It says when it has.
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
)

func main() {
	told, release := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	http.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(2 * time.Second)
		fmt.Fprintln(w, "slow hello")
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		os.Exit(1)
	}
	server := &http.Server{}
	go server.Serve(listener)
	<-told.Done()
	release()
	fmt.Println("stopping")
	server.Shutdown(context.Background())
}
