//go:build go1.24

package main

import "net/http"

func init() {
	ways["h2c"] = func() { serveH2(false) }
	ways["h2"] = func() { serveH2(true) }
}

func serveH2(secure bool) {
	calls()
	server := &http.Server{Protocols: new(http.Protocols)}
	server.Protocols.SetHTTP2(secure)
	server.Protocols.SetUnencryptedHTTP2(!secure)
	listener := listen("tcp4", "127.0.0.1:0")
	if secure {
		server.TLSConfig = selfSignedConfig()
		go server.ServeTLS(listener, "", "")
		return
	}
	go server.Serve(listener)
}
