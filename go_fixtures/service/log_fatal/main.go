// Command log_fatal takes http.ErrServerClosed, by which Serve says that it was
// shut down, for an error: it answers all and exits 1.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, os.Interrupt)
	addr := flag.String("addr", "127.0.0.1:0", "where to listen")
	flag.Parse()

	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "hello") })
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{}
	go func() {
		<-signals
		server.Shutdown(context.Background())
	}()
	log.Fatal(server.Serve(listener))
}
