package looks_up

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"
)

const (
	typeA    = 1
	typeAAAA = 28
	fixed    = 12 // the head of a message of DNS
)

// resolver answers on loopback, over UDP and TCP on one port. It knows each name
// under example.org, with one address of either family; what begins with `big`
// it tells over TCP alone.
func resolver(t *testing.T, host string) string {
	for {
		udp, err := net.ListenPacket("udp", net.JoinHostPort(host, "0"))
		if err != nil {
			t.Fatal(err)
		}
		tcp, err := net.Listen("tcp", udp.LocalAddr().String())
		if err != nil {
			udp.Close()
			continue // the port is taken there
		}
		t.Cleanup(func() { udp.Close(); tcp.Close() })
		go overUDP(udp)
		go overTCP(tcp)
		return udp.LocalAddr().String()
	}
}

func overUDP(socket net.PacketConn) {
	query := make([]byte, 4096)
	for {
		n, from, err := socket.ReadFrom(query)
		if err != nil {
			return
		}
		if reply := answer(query[:n], false); reply != nil {
			socket.WriteTo(reply, from)
		}
	}
}

func overTCP(listener net.Listener) {
	for {
		peer, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer peer.Close()
			var size [2]byte
			for {
				if _, err := io.ReadFull(peer, size[:]); err != nil {
					return
				}
				query := make([]byte, binary.BigEndian.Uint16(size[:]))
				if _, err := io.ReadFull(peer, query); err != nil {
					return
				}
				reply := answer(query, true)
				binary.BigEndian.PutUint16(size[:], uint16(len(reply)))
				peer.Write(append(size[:], reply...))
			}
		}()
	}
}

func answer(query []byte, tcp bool) []byte {
	if len(query) < fixed {
		return nil
	}
	var labels []string
	at := fixed
	for at < len(query) && query[at] != 0 {
		end := at + 1 + int(query[at])
		if end > len(query) {
			return nil
		}
		labels = append(labels, strings.ToLower(string(query[at+1:end])))
		at = end
	}
	at += 5 // the root, the type and the class
	if at > len(query) {
		return nil
	}
	kind := binary.BigEndian.Uint16(query[at-4:])
	name := strings.Join(labels, ".")
	reply := append([]byte{}, query[:at]...)
	copy(reply[2:], []byte{0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0})
	address := addressOf(kind)
	switch {
	case !strings.HasSuffix(name, ".example.org"):
		reply[3] |= 3 // NXDOMAIN
	case strings.HasPrefix(name, "big") && !tcp:
		reply[2] |= 2 // truncated
	case address != nil:
		reply[7] = 1
		reply = append(reply, 0xc0, fixed, 0, byte(kind), 0, 1, 0, 0, 0, 9)
		reply = append(reply, 0, byte(len(address)))
		reply = append(reply, address...)
	}
	return reply
}

func addressOf(kind uint16) []byte {
	switch kind {
	case typeA:
		return []byte{192, 0, 2, 10}
	case typeAAAA:
		return bytes.Join([][]byte{{0x20, 1, 0xd, 0xb8}, make([]byte, 11), {10}}, nil)
	}
	return nil
}
