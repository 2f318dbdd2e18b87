//go:build go1.24

package main

import "net/http"

func speakH2(server *http.Server) {
	server.Protocols = new(http.Protocols)
	server.Protocols.SetUnencryptedHTTP2(true)
}
