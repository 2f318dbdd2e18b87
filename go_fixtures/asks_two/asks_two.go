// Package asks_two asks a second server where the first gives no answer.
package asks_two

import (
	"fmt"
	"io"
	"net"

	"faultrig.example/fixtures/internal/fixture"
)

// Ask gives the answer of the first of these servers that has one.
func Ask(network string, addresses ...string) (answer string, err error) {
	for _, address := range addresses {
		if answer, err = askOne(network, address); err == nil {
			return answer, nil
		}
		fmt.Printf("asks_two: no answer: %s\n", fixture.Errno(err))
	}
	return "", err
}

func askOne(network, address string) (string, error) {
	server, err := net.Dial(network, address)
	if err != nil {
		return "", err
	}
	defer server.Close()
	if _, err := fmt.Fprint(server, "ping"); err != nil {
		return "", err
	}
	answer := make([]byte, 64)
	n, err := server.Read(answer)
	if err != nil && err != io.EOF {
		return "", err
	}
	return string(answer[:n]), nil
}
