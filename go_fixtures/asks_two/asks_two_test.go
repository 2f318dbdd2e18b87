// The deed: two servers, of which a client needs one. Each server has an
// address of its own, and so has each client that comes to one.
package asks_two

import (
	"fmt"
	"net"
	"path/filepath"
	"testing"

	"faultrig.example/fixtures/internal/fixture"
)

func serve(t *testing.T, network, address, answer string) string {
	listener, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			fmt.Fprint(client, answer)
			client.Read(make([]byte, 4))
			client.Close()
		}
	}()
	return listener.Addr().String()
}

func ask(t *testing.T, network, first, second string) {
	answer, err := Ask(network, first, second)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("asks_two: answered by the %s\n", answer)
}

func TestTCP(t *testing.T) {
	ask(t, "tcp", serve(t, "tcp", "127.0.0.2:0", "first"),
		serve(t, "tcp", "127.0.0.3:0", "second"))
}

func TestIPv6(t *testing.T) {
	ask(t, "tcp", serve(t, "tcp", "[::1]:0", "first"),
		serve(t, "tcp", "127.0.0.3:0", "second"))
}

func TestUnix(t *testing.T) {
	folder := t.TempDir()
	ask(t, "unix", serve(t, "unix", filepath.Join(folder, "first.sock"), "first"),
		serve(t, "unix", filepath.Join(folder, "second.sock"), "second"))
}

// Two datagrams from one socket, which is connected to nobody.
func TestDatagrams(t *testing.T) {
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	for _, host := range []string{"127.0.0.2", "127.0.0.3"} {
		_, err := socket.WriteTo([]byte("ping"), &net.UDPAddr{IP: net.ParseIP(host), Port: 9})
		if err != nil {
			fmt.Printf("asks_two: not sent to %s: %s\n", host, fixture.Errno(err))
			continue
		}
		fmt.Printf("asks_two: sent to %s\n", host)
	}
}

// A client from each of two addresses, one after the other.
func TestClients(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	for _, host := range []string{"127.0.0.4", "127.0.0.5"} {
		dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(host)}}
		client, err := dialer.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		server, err := listener.Accept()
		if err != nil {
			fmt.Printf("asks_two: not accepted: %s\n", fixture.Errno(err))
			server, err = listener.Accept()
		}
		if err != nil {
			t.Fatal(err)
		}
		fmt.Printf("asks_two: accepted %s\n", server.RemoteAddr().(*net.TCPAddr).IP)
		server.Close()
		client.Close()
	}
}
