// The deed: looks a name up with Go's own resolver, at a resolver on loopback,
// and again where that fails. Each try may take a second.
package looks_up

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sort"
	"strings"
	"testing"

	"faultrig.example/fixtures/internal/fixture"
)

func setting(name, fallback string) string {
	if text, found := os.LookupEnv(name); found {
		return text
	}
	return fallback
}

func TestLooksUp(t *testing.T) {
	server := resolver(t, setting("FIXTURE_RESOLVER", "127.0.0.1"))
	asks := net.Resolver{PreferGo: true,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, server)
		}}
	name := setting("FIXTURE_NAME", "db.example.org")
	tries := fixture.Number("FIXTURE_TRIES", 5)
	for try := 1; try <= tries; try++ {
		found, err := lookUp(&asks, name)
		if err == nil {
			fmt.Printf("try %d: %s is %s\n", try, name, found)
			return
		}
		fmt.Printf("try %d: %s\n", try, says(err))
		fixture.Pause()
	}
	t.Fatalf("gave up after %d tries", tries)
}

// The dot behind it: no search domain of this machine is tried.
func lookUp(asks *net.Resolver, name string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), fixture.Wait())
	defer cancel()
	family := setting("FIXTURE_FAMILY", "ip4")
	found, err := asks.LookupNetIP(ctx, family, name+".")
	var texts []string
	for _, address := range found {
		texts = append(texts, address.Unmap().String())
	}
	sort.Strings(texts)
	return strings.Join(texts, " "), err
}

func says(err error) string {
	text := fixture.Errno(err)
	var dns *net.DNSError
	if errors.As(err, &dns) {
		text = dns.Err
		for word, is := range map[string]bool{
			", not found": dns.IsNotFound,
			", timeout":   dns.IsTimeout,
		} {
			if is {
				text += word
			}
		}
	}
	return text
}
