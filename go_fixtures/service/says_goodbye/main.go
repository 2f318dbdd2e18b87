// Command says_goodbye holds WebSockets open, and when it is told to stop sends
// each the close frame of a server that goes away (1001) before it exits 0.
package main

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// RFC 6455, sections 1.3 and 5.5.1.
const (
	accepts   = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
	goingAway = "\x88\x02\x03\xe9"
	// The client answers with the same, masked; then the server closes.
	answerLength = 8
)

func speak(connection net.Conn, told <-chan struct{}) {
	defer connection.Close()
	reader := bufio.NewReader(connection)
	request, err := http.ReadRequest(reader)
	if err != nil {
		return
	}
	sum := sha1.Sum([]byte(request.Header.Get("Sec-WebSocket-Key") + accepts))
	fmt.Fprintf(connection, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"+
		"Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
		base64.StdEncoding.EncodeToString(sum[:]))
	<-told
	io.WriteString(connection, goingAway)
	io.CopyN(io.Discard, reader, answerLength)
}

func main() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	addr := flag.String("addr", "127.0.0.1:0", "where to listen")
	flag.Parse()

	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	told := make(chan struct{})
	var open sync.WaitGroup
	go func() {
		<-signals
		close(told)
		listener.Close()
	}()
	for {
		connection, err := listener.Accept()
		if err != nil {
			break
		}
		open.Add(1)
		go func() {
			defer open.Done()
			speak(connection, told)
		}()
	}
	open.Wait()
}
