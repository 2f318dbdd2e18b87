// A server of HTTP that asks a database for each request, with a driver that
// many use, as it comes: PostgreSQL with pgx, Redis with go-redis. It answers
// 200, or 503 and the error, and says once what went wrong in which way.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/redis/go-redis/v9"
)

// All connections were taken when somebody came, and until it left.
var errDry = errors.New("pool was dry")

// A database that can be asked.
type asked func(ctx context.Context) error

func postgres(url string, size int) (asked, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.MaxConns, config.MinConns = int32(size), int32(size)
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) error {
		held := pool.Stat()
		dry := held.AcquiredConns() == held.MaxConns()
		one, err := pool.Acquire(ctx)
		if err != nil && dry {
			return fmt.Errorf("%w: %w", errDry, err)
		}
		if err != nil {
			return err
		}
		defer one.Release()
		var number int
		return one.QueryRow(ctx, "select 1").Scan(&number)
	}, nil
}

func cache(address string, size int) asked {
	client := redis.NewClient(&redis.Options{Addr: address, PoolSize: size})
	return func(ctx context.Context) error {
		return client.Set(ctx, "one", 1, 0).Err()
	}
}

// What kind of error it is, in few words.
func kind(err error) string {
	var number syscall.Errno
	switch {
	case errors.Is(err, errDry):
		return errDry.Error()
	case errors.As(err, &number):
		return number.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return "deadline exceeded"
	}
	return err.Error()
}

func main() {
	addr := flag.String("addr", "127.0.0.1:0", "where to listen")
	url := flag.String("postgres", "", "a URL of PostgreSQL")
	redisAt := flag.String("redis", "", "the address of a Redis")
	size := flag.Int("pool", 4, "connections of the pool")
	deadline := flag.Duration("deadline", time.Second, "of a question")
	flag.Parse()
	ask := cache(*redisAt, *size)
	if *url != "" {
		var err error
		if ask, err = postgres(*url, *size); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	var told sync.Map
	handler := func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), *deadline)
		defer cancel()
		err := ask(ctx)
		if err == nil {
			fmt.Fprintln(w, "well")
			return
		}
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		what := kind(err)
		if _, again := told.LoadOrStore(what, true); !again {
			fmt.Println("first of its kind:", what)
		}
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	server := http.Server{Handler: http.HandlerFunc(handler)}
	ended, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	go server.Serve(listener)
	<-ended.Done()
	server.Shutdown(context.Background())
}
