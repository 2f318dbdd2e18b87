// Command traces is a server with the SDK of OpenTelemetry as its documentation
// sets it up: all that it is told about where its spans go is in its environment.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
)

func main() {
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()
	exporter, err := otlptracehttp.New(stop)
	if err != nil {
		log.Fatal(err)
	}
	from, err := resource.New(stop, resource.WithProcessPID(), resource.WithFromEnv())
	if err != nil {
		log.Fatal(err)
	}
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter), trace.WithResource(from))
	tracer := provider.Tracer("traces")
	name := func(w http.ResponseWriter, r *http.Request) {
		_, span := tracer.Start(r.Context(), "read name")
		defer span.End()
		read, err := os.ReadFile("/proc/self/comm")
		if err != nil {
			span.RecordError(err)
			span.SetStatus(codes.Error, err.Error())
		}
		fmt.Fprintf(w, "%s", read)
	}
	server := &http.Server{Handler: otelhttp.NewHandler(http.HandlerFunc(name), "GET /",
		otelhttp.WithTracerProvider(provider))}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	<-stop.Done()
	within, done := context.WithTimeout(context.Background(), 5*time.Second)
	defer done()
	if err := server.Shutdown(within); err != nil {
		log.Fatal(err)
	}
	if err := provider.Shutdown(within); err != nil {
		log.Fatal(err)
	}
}
