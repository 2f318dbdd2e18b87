package main

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"net/http"

	"faultrig.example/fixtures/internal/plaingrpc"
)

// Frames of HTTP/2 (RFC 9113, section 6), for servers that do what net/http
// never would.
const (
	frameData, frameHeaders, frameReset = 0, 1, 3
	frameSettings, frameGone            = 4, 7
	endStream, endHeaders               = 1, 4
)

const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

type frame struct {
	kind, flags byte
	stream      uint32
	body        []byte
}

func (f frame) to(w io.Writer) {
	head := make([]byte, 9)
	binary.BigEndian.PutUint32(head, uint32(len(f.body))<<8)
	head[3], head[4] = f.kind, f.flags
	binary.BigEndian.PutUint32(head[5:], f.stream)
	w.Write(append(head, f.body...))
}

func readFrame(r io.Reader) (frame, error) {
	head := make([]byte, 9)
	if _, err := io.ReadFull(r, head); err != nil {
		return frame{}, err
	}
	body := make([]byte, binary.BigEndian.Uint32(head)>>8)
	_, err := io.ReadFull(r, body)
	return frame{head[3], head[4], binary.BigEndian.Uint32(head[5:]), body}, err
}

func number(n uint32) []byte {
	return binary.BigEndian.AppendUint32(nil, n)
}

// status200 is a head that says 200, by index (RFC 7541, appendix A).
func status200(stream uint32, flags byte) frame {
	return frame{frameHeaders, endHeaders | flags, stream, []byte{0x88}}
}

// overH2 calls `asked` for each request whose head has come.
func overH2(asked func(connection net.Conn, stream uint32)) func(net.Conn) {
	return func(connection net.Conn) {
		defer connection.Close()
		r := bufio.NewReader(connection)
		io.CopyN(io.Discard, r, int64(len(preface)))
		frame{kind: frameSettings}.to(connection)
		for {
			came, err := readFrame(r)
			if err != nil {
				return
			}
			if came.kind == frameHeaders {
				asked(connection, came.stream)
			}
		}
	}
}

// Begins on the first alone, and answers it when told.
func goesAway(connection net.Conn, stream uint32) {
	if stream == 1 {
		go func() {
			<-told
			status200(1, 0).to(connection)
			frame{frameData, endStream, 1, []byte("first")}.to(connection)
		}()
	} else if stream == 3 {
		frame{frameGone, 0, 0, append(number(1), number(0)...)}.to(connection)
	}
}

func resets(code uint32) func(net.Conn, uint32) {
	return func(connection net.Conn, stream uint32) {
		frame{frameReset, 0, stream, number(code)}.to(connection)
	}
}

// Half an answer, and the end of the connection.
func cutsH2(connection net.Conn, stream uint32) {
	status200(stream, 0).to(connection)
	frame{frameData, 0, stream, []byte("hel")}.to(connection)
	connection.Close()
}

func readsH2(net.Conn, uint32) {}

// Reads one request, and the first bytes of the next.
func stopsReading(connection net.Conn) {
	io.CopyN(io.Discard, connection, int64(len(preface)))
	frame{kind: frameSettings}.to(connection)
	for {
		came, err := readFrame(connection)
		if err != nil {
			return
		}
		if came.kind == frameHeaders {
			io.CopyN(io.Discard, connection, 5)
			select {}
		}
	}
}

func calls() {
	http.HandleFunc("/grpc.health.v1.Health/Check", plaingrpc.Health(ready.Load))
	http.HandleFunc("/test.Echo/Say", func(w http.ResponseWriter, r *http.Request) {
		message := plaingrpc.Message(r)
		plaingrpc.Begin(w)
		plaingrpc.Send(w, message)
		plaingrpc.End(w, plaingrpc.OK)
	})
	http.HandleFunc("/test.Echo/Fail", func(w http.ResponseWriter, r *http.Request) {
		plaingrpc.Begin(w)
		plaingrpc.End(w, plaingrpc.Unavailable)
	})
	http.HandleFunc("/test.Echo/Stream", func(w http.ResponseWriter, r *http.Request) {
		plaingrpc.Begin(w)
		plaingrpc.Send(w, []byte("one"))
		<-told
		plaingrpc.End(w, plaingrpc.OK)
	})
	http.HandleFunc("/", answer)
}
