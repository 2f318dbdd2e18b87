// The deed: a service that answers in the way its argument names, until its
// stdin ends. On SIGUSR1 it goes on with what waits for it.
package main

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"sync/atomic"
	"syscall"

	"faultrig.example/fixtures/internal/fixture"
	"faultrig.example/fixtures/internal/selfsigned"
)

var ways = map[string]func(){
	"nowhere":     func() {},
	"never":       func() { listen("tcp4", "127.0.0.1:0") },
	"silent":      func() { each("tcp4", "127.0.0.1:0", hold) },
	"reads":       func() { each("tcp4", "127.0.0.1:0", read) },
	"hangs_up":    func() { each("tcp4", "127.0.0.1:0", hangUp) },
	"resets":      func() { each("tcp4", "127.0.0.1:0", reset) },
	"cuts_chunks": func() { each("tcp4", "127.0.0.1:0", say(chunks)) },
	"cuts_length": func() { each("tcp4", "127.0.0.1:0", say(length)) },
	"http10":      func() { each("tcp4", "127.0.0.1:0", say(old)) },
	"half":        func() { each("tcp4", "127.0.0.1:0", half) },
	"banner":      func() { each("tcp4", "127.0.0.1:0", banner) },
	"once":        func() { each("tcp4", "127.0.0.1:0", once) },
	"hello":       func() { serve("tcp4", "127.0.0.1:0") },
	"anywhere":    func() { serve("tcp", ":0") },
	"v6":          func() { serve("tcp6", "[::1]:0") },
	"only_v6":     func() { serve("tcp6", "[::]:0") },
	"unix":        func() { serve("unix", "@answers-"+strconv.Itoa(os.Getpid())) },
	"two":         two,
	"later":       later,
	"tls":         func() { secure(http.HandlerFunc(answer)) },
	"tls_cuts":    func() { secure(nil) },
	"h2_goes":     func() { each("tcp4", "127.0.0.1:0", overH2(goesAway)) },
	"h2_refuses":  func() { each("tcp4", "127.0.0.1:0", overH2(resets(7))) },
	"h2_resets":   func() { each("tcp4", "127.0.0.1:0", overH2(resets(2))) },
	"h2_cuts":     func() { each("tcp4", "127.0.0.1:0", overH2(cutsH2)) },
	"h2_reads":    func() { each("tcp4", "127.0.0.1:0", overH2(readsH2)) },
	"h2_stops":    func() { each("tcp4", "127.0.0.1:0", stopsReading) },
	"ws_closes":   func() { each("tcp4", "127.0.0.1:0", webSocket("close")) },
	"ws_cuts":     func() { each("tcp4", "127.0.0.1:0", webSocket("cut")) },
	"alert":       func() { each("tcp4", "127.0.0.1:0", say(alert)) },
}

const (
	chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
	length = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"
	old    = "HTTP/1.0 200 OK\r\n\r\nhello"
	alert  = "\x15\x03\x01\x00\x02\x02\x46"
	closes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
)

var told = make(chan struct{}) // closed by SIGUSR1
var ready atomic.Bool

func main() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR1)
	way, found := ways[os.Args[1]]
	if !found {
		fmt.Println("no such way:", os.Args[1])
		os.Exit(2)
	}
	way()
	go func() {
		<-signals
		ready.Store(true)
		close(told)
	}()
	io.Copy(io.Discard, os.Stdin)
}

func listen(network, address string) net.Listener {
	listener, err := net.Listen(network, address)
	if err != nil {
		fmt.Printf("cannot listen: %s\n", fixture.Errno(err))
		os.Exit(1)
	}
	return listener
}

func each(network, address string, deed func(net.Conn)) {
	eachOf(listen(network, address), deed)
}

func eachOf(listener net.Listener, deed func(net.Conn)) {
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go deed(connection)
		}
	}()
}

func hold(connection net.Conn) { select {} }

func read(connection net.Conn) { io.Copy(io.Discard, connection) }

func head(connection net.Conn) {
	if _, err := http.ReadRequest(bufio.NewReader(connection)); err != nil {
		connection.Close()
	}
}

func hangUp(connection net.Conn) {
	head(connection)
	connection.Close()
}

// A connection that is closed with bytes unread is broken: RST.
func reset(connection net.Conn) {
	connection.Read(make([]byte, 1))
	connection.Close()
}

func say(text string) func(net.Conn) {
	return func(connection net.Conn) {
		head(connection)
		io.WriteString(connection, text)
		connection.Close()
	}
}

// Begins its answer, and ends it when told.
func half(connection net.Conn) {
	head(connection)
	io.WriteString(connection, length)
	<-told
	io.WriteString(connection, "world")
	connection.Close()
}

func banner(connection net.Conn) {
	io.WriteString(connection, "INFO {}\r\n")
	<-told
}

// Keeps the connection, it says; and closes it.
func once(connection net.Conn) {
	head(connection)
	io.WriteString(connection, closes)
	connection.Close()
}

func serve(network, address string) {
	go http.Serve(listen(network, address), http.HandlerFunc(answer))
}

func answer(response http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	switch request.URL.Path {
	case "/upload":
		fmt.Fprintf(response, "%d bytes of %d: %s", len(body), request.ContentLength, body)
	case "/events":
		response.Header().Set("Content-Type", request.Header.Get("Accept"))
		fmt.Fprint(response, "data: one\n\n")
		response.(http.Flusher).Flush()
		<-told
		fmt.Fprint(response, "data: two\n\n")
	case "/big":
		response.Write(make([]byte, 32<<20))
	case "/items":
		response.WriteHeader(http.StatusCreated)
		response.Write(body)
	case "/wait":
		<-told
		fmt.Fprint(response, "waited")
	case "/ready":
		if !ready.Load() {
			response.WriteHeader(http.StatusServiceUnavailable)
		}
	case "/moved":
		http.Redirect(response, request, "/moved", http.StatusFound)
	case "/close":
		response.Header().Set("Connection", "close")
		fmt.Fprint(response, "hello")
	case "/early":
		response.WriteHeader(http.StatusEarlyHints)
		fmt.Fprint(response, "hello")
	default:
		fmt.Fprint(response, "hello")
	}
}

// A port for peers first, then the one for people.
// The first says nothing before the second listens.
func two() {
	first := listen("tcp4", "127.0.0.1:0")
	serve("tcp4", "127.0.0.1:0")
	eachOf(first, banner)
}

// The port of the environment opens with SIGUSR1, behind the one that is ready.
func later() {
	serve("tcp4", "127.0.0.1:0")
	go func() {
		<-told
		serve("tcp4", "127.0.0.1:"+os.Getenv("LATER_PORT"))
	}()
}

func selfSignedConfig() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{selfsigned.Certificate()}}
}

// Without a handler, it answers by closing the connection under its TLS.
func secure(handler http.Handler) {
	listener := listen("tcp4", "127.0.0.1:0")
	config := selfSignedConfig()
	if handler != nil {
		server := &http.Server{Handler: handler, TLSConfig: config}
		go server.ServeTLS(listener, "", "")
		return
	}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			secured := tls.Server(connection, config)
			head(secured)
			io.WriteString(secured, old)
			connection.Close()
		}
	}()
}
