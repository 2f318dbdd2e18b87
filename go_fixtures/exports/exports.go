// Package exports tells spans by OTLP, by hand, where the environment of
// OpenTelemetry says: a few lines instead of the SDK.
package exports

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"
)

// Exporter keeps spans until Flush.
type Exporter struct {
	service string
	lock    sync.Mutex
	held    []map[string]any
}

// Span is one that has begun.
type Span struct {
	exporter          *Exporter
	trace, id, parent string
	name              string
	start             time.Time
}

// New is an exporter of spans of this service.
func New(service string) *Exporter { return &Exporter{service: service} }

func digits(bytes int) string {
	id := make([]byte, bytes)
	if _, err := rand.Read(id); err != nil {
		panic(err)
	}
	return hex.EncodeToString(id)
}

// Start begins a span, below another one if that is not nil.
func (e *Exporter) Start(name string, parent *Span) *Span {
	span := &Span{exporter: e, trace: digits(16), id: digits(8), name: name, start: time.Now()}
	if parent != nil {
		span.trace, span.parent = parent.trace, parent.id
	}
	return span
}

// End ends it, in an error if there is one.
func (s *Span) End(err error) {
	end := s.start.Add(time.Since(s.start))
	span := map[string]any{
		"traceId": s.trace, "spanId": s.id, "parentSpanId": s.parent,
		"name": s.name, "kind": 1,
		"startTimeUnixNano": strconv.FormatInt(s.start.UnixNano(), 10),
		"endTimeUnixNano":   strconv.FormatInt(end.UnixNano(), 10),
		"status":            map[string]any{},
	}
	if err != nil {
		span["status"] = map[string]any{"code": 2, "message": err.Error()}
		span["attributes"] = []any{attribute("error.type", fmt.Sprintf("%T", err))}
	}
	s.exporter.lock.Lock()
	defer s.exporter.lock.Unlock()
	s.exporter.held = append(s.exporter.held, span)
}

func attribute(key, text string) map[string]any {
	return map[string]any{"key": key, "value": map[string]any{"stringValue": text}}
}

// Flush sends what is held, packed if `packed`; without an endpoint it drops it.
func (e *Exporter) Flush(packed bool) error {
	e.lock.Lock()
	held := e.held
	e.held = nil
	e.lock.Unlock()
	endpoint := os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT")
	if endpoint == "" || len(held) == 0 {
		return nil
	}
	pid := map[string]any{"key": "process.pid",
		"value": map[string]any{"intValue": strconv.Itoa(os.Getpid())}}
	body, err := json.Marshal(map[string]any{"resourceSpans": []any{map[string]any{
		"resource":   map[string]any{"attributes": []any{attribute("service.name", e.service), pid}},
		"scopeSpans": []any{map[string]any{"spans": held}},
	}}})
	if err != nil {
		return err
	}
	return post(endpoint+"/v1/traces", body, packed)
}

func post(url string, body []byte, packed bool) error {
	var sent bytes.Buffer
	if packed {
		writer := gzip.NewWriter(&sent)
		if _, err := writer.Write(body); err != nil {
			return err
		}
		if err := writer.Close(); err != nil {
			return err
		}
	} else {
		sent.Write(body)
	}
	request, err := http.NewRequest("POST", url, &sent)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	if packed {
		request.Header.Set("Content-Encoding", "gzip")
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the receiver says %s", answer.Status)
	}
	return nil
}
