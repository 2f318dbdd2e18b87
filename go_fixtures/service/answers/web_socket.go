package main

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
)

// A frame of WebSocket (RFC 6455, section 5.2), with a short body.
func sendFrame(w io.Writer, opcode byte, body string) {
	w.Write(append([]byte{0x80 | opcode, byte(len(body))}, body...))
}

func readMasked(r io.Reader) (opcode byte, body []byte) {
	head := make([]byte, 6)
	if _, err := io.ReadFull(r, head); err != nil {
		return 0, nil
	}
	body = make([]byte, head[1]&0x7f)
	io.ReadFull(r, body)
	for i := range body {
		body[i] ^= head[2+i%4]
	}
	return head[0] & 0x0f, body
}

// Says something, pings, and closes with 1001 when it is told to and the ping
// has been answered. `ends`: how.
func webSocket(ends string) func(net.Conn) {
	return func(connection net.Conn) {
		r := bufio.NewReader(connection)
		request, err := http.ReadRequest(r)
		if err != nil {
			connection.Close()
			return
		}
		key := request.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
		sum := sha1.Sum([]byte(key))
		fmt.Fprintf(connection, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"+
			"Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
			base64.StdEncoding.EncodeToString(sum[:]))
		sendFrame(connection, 1, "hello")
		sendFrame(connection, 9, "there?")
		opcode, body := readMasked(r)
		if opcode != 10 || string(body) != "there?" {
			connection.Close() // no pong: no close frame either
			return
		}
		<-told
		if ends == "close" {
			sendFrame(connection, 8, "\x03\xe9going away")
			readMasked(r)
		}
		connection.Close()
	}
}
