// The deed: serves itself one HTTP request, and shuts down well.
package serves_http

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
)

func TestServesItself(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(greet)}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	got, err := ask("http://" + listener.Addr().String())
	if err != nil {
		t.Fatalf("the request failed: %v", err)
	}
	fmt.Printf("served: %s\n", got)
	if err := server.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != http.ErrServerClosed {
		t.Fatal(err)
	}
}

func greet(response http.ResponseWriter, request *http.Request) {
	fmt.Fprint(response, "hello")
}

func ask(url string) (string, error) {
	response, err := http.Get(url)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return string(body), err
}
