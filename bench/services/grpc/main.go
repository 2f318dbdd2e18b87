// Command grpc is a server of google.golang.org/grpc: a slow call, a stream that
// ends, and the health service. SIGTERM ends it by GracefulStop, or with -stop
// by Stop, which cuts what it is answering.
package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"net"
	"os/signal"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// Of 5 messages, 100 ms apart.
func count(_ any, stream grpc.ServerStream) error {
	for n := int64(1); n <= 5; n++ {
		time.Sleep(100 * time.Millisecond)
		if err := stream.SendMsg(wrapperspb.Int64(n)); err != nil {
			return err
		}
	}
	return nil
}

func ask(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
	if err := decode(new(emptypb.Empty)); err != nil {
		return nil, err
	}
	time.Sleep(200 * time.Millisecond)
	return wrapperspb.String("slow hello"), nil
}

var slow = grpc.ServiceDesc{
	ServiceName: "real.Slow",
	HandlerType: (*any)(nil),
	Methods:     []grpc.MethodDesc{{MethodName: "Ask", Handler: ask}},
	Streams:     []grpc.StreamDesc{{StreamName: "Count", Handler: count, ServerStreams: true}},
}

func main() {
	told, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()
	atOnce := flag.Bool("stop", false, "Stop in place of GracefulStop")
	flag.Parse()

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer()
	server.RegisterService(&slow, struct{}{})
	healthy := health.NewServer()
	grpc_health_v1.RegisterHealthServer(server, healthy)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()

	<-told.Done()
	if *atOnce {
		server.Stop()
	} else {
		server.GracefulStop()
	}
	// What Serve says that was called after the server had been stopped.
	if err := <-ended; err != nil && !errors.Is(err, grpc.ErrServerStopped) {
		log.Fatal(err)
	}
}
