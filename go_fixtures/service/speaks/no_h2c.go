//go:build !go1.24

package main

import (
	"fmt"
	"net/http"
	"os"
)

func speakH2(*http.Server) {
	fmt.Fprintln(os.Stderr, "HTTP/2 without TLS takes Go 1.24")
	os.Exit(1)
}
