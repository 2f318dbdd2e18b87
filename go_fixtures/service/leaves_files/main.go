// A server that stops as it should, and leaves the file with its pid and the
// socket of its second listener behind: the next one says "address already in
// use". Its data and its log are meant to stay.
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
	"path/filepath"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	addr := flag.String("addr", "127.0.0.1:0", "where to listen")
	admin := flag.String("admin", "run/admin.sock", "where to listen for its admin")
	flag.Parse()
	files := map[string]string{
		"run/server":   fmt.Sprintln(os.Getpid()),
		"run/lock":     "",
		"data/records": "kept\n",
	}
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			log.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			log.Fatal(err)
		}
	}
	second, err := net.ListenUnix("unix", &net.UnixAddr{Name: *admin})
	if err != nil {
		log.Fatal(err)
	}
	second.SetUnlinkOnClose(false)
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", listener.Addr())
	server := &http.Server{Handler: http.HandlerFunc(
		func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "hello") })}
	go server.Serve(second)
	go func() {
		<-ctx.Done()
		server.Shutdown(context.Background())
	}()
	if err := server.Serve(listener); err != http.ErrServerClosed {
		log.Fatal(err)
	}
}
