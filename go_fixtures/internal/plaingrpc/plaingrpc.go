// Package plaingrpc answers calls of gRPC from net/http: a body of
// length-prefixed messages, and the status in the trailers.
package plaingrpc

import (
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
)

// Statuses of gRPC.
const (
	OK          = 0
	NotFound    = 5
	Unavailable = 14
)

// Message is the one message of a request.
func Message(request *http.Request) []byte {
	body, _ := io.ReadAll(request.Body)
	if len(body) < 5 {
		return nil
	}
	return body[5:]
}

// Begin sends the head of an answer.
func Begin(response http.ResponseWriter) {
	response.Header().Set("Content-Type", "application/grpc")
	response.Header().Set("Trailer", "Grpc-Status")
	response.WriteHeader(http.StatusOK)
	response.(http.Flusher).Flush()
}

// Send sends one message.
func Send(response http.ResponseWriter, message []byte) {
	prefix := make([]byte, 5)
	binary.BigEndian.PutUint32(prefix[1:], uint32(len(message)))
	response.Write(append(prefix, message...))
	response.(http.Flusher).Flush()
}

// End is the status, in the trailers.
func End(response http.ResponseWriter, status int) {
	response.Header().Set("Grpc-Status", fmt.Sprint(status))
}

// Health answers grpc.health.v1.Health/Check for the server as a whole.
func Health(serving func() bool) http.HandlerFunc {
	return func(response http.ResponseWriter, request *http.Request) {
		asked := Message(request)
		Begin(response)
		if len(asked) > 0 {
			End(response, NotFound)
			return
		}
		status := byte(2)
		if serving() {
			status = 1
		}
		Send(response, []byte{1 << 3, status})
		End(response, OK)
	}
}
