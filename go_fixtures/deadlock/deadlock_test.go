// The deed: two ways in which a test waits for ever.
package deadlock

import (
	"sync"
	"testing"
)

func TestChannels(t *testing.T) {
	ping, pong := make(chan int), make(chan int)
	go func() {
		<-ping
		pong <- 1
	}()
	<-pong
	ping <- 1
}

func TestMutexes(t *testing.T) {
	var first, second sync.Mutex
	first.Lock()
	held := make(chan bool)
	go func() {
		second.Lock()
		held <- true
		first.Lock()
	}()
	<-held
	second.Lock()
}
