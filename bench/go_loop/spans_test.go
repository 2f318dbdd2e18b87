package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"
)

const (
	batches = 200
	batch   = 512 // what an SDK sends at once
)

// field is one of protobuf's, of bytes or of a message.
func field(tag int, content []byte) []byte {
	out := binary.AppendUvarint(nil, uint64(tag<<3|2))
	out = binary.AppendUvarint(out, uint64(len(content)))
	return append(out, content...)
}

func fixed(tag int, number int64) []byte {
	out := binary.AppendUvarint(nil, uint64(tag<<3|1))
	return binary.LittleEndian.AppendUint64(out, uint64(number))
}

// export is what an SDK would send, each span with an id of its own.
func export(first int) []byte {
	now := time.Now().UnixNano()
	var spans []byte
	for i := 0; i < batch; i++ {
		var span []byte
		id := binary.BigEndian.AppendUint64(nil, uint64(first+i+1))
		span = append(span, field(1, append(make([]byte, 8), id...))...)
		span = append(span, field(2, id)...)
		span = append(span, field(5, []byte("GET /items"))...)
		span = append(span, fixed(7, now-1_000_000)...)
		span = append(span, fixed(8, now)...)
		spans = append(spans, field(2, span)...)
	}
	return field(1, field(2, spans))
}

func post(url string, body []byte) error {
	answer, err := http.Post(url+"/v1/traces", "application/x-protobuf", bytes.NewReader(body))
	if err != nil {
		return err
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the receiver says %s", answer.Status)
	}
	return nil
}

func sendAll(t *testing.T, url string) time.Duration {
	start := time.Now()
	for i := 0; i < batches; i++ {
		if err := post(url, export(i*batch)); err != nil {
			t.Fatal(err)
		}
	}
	return time.Since(start)
}

// TestExports prints how many nanoseconds a span takes to be sent: to the
// receiver, where there is one, else to one in this process that drops it.
func TestExports(t *testing.T) {
	url := os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT")
	if url == "" {
		drops := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		defer drops.Close()
		url = drops.URL
	}
	fmt.Println(sendAll(t, url).Nanoseconds() / (batches * batch))
}
