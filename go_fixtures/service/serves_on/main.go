// Command serves_on handles no signal. /sum takes processor time: 8 MiB are
// summed up, of the order of ten milliseconds. When it can accept no more, net/http
// tries again or gives up, by what the kernel said; it exits 1 then.
package main

import (
	"crypto/sha256"
	"fmt"
	"net"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "hello") })
	text := make([]byte, 8<<20)
	http.HandleFunc("/sum", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%x\n", sha256.Sum256(text))
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := http.Serve(listener, nil); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
