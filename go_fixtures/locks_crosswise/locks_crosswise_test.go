// Two goroutines that each hold the lock that the other one wants. A ticker
// goes on, as in most programs, so that the runtime does not see a deadlock.
package locks_crosswise

import (
	"os"
	"os/signal"
	"sync"
	"syscall"
	"testing"
	"time"
)

type account struct {
	lock    sync.Mutex
	balance int
}

func transfer(from, to *account, held *sync.WaitGroup) {
	from.lock.Lock()
	defer from.lock.Unlock()
	held.Done()
	held.Wait()
	to.lock.Lock()
	defer to.lock.Unlock()
	from.balance--
	to.balance++
}

// With FIXTURE_CATCH set it takes SIGQUIT for itself, and leaves no dump.
func TestTransfersBothWays(t *testing.T) {
	if os.Getenv("FIXTURE_CATCH") != "" {
		signal.Notify(make(chan os.Signal, 1), syscall.SIGQUIT)
	}
	defer time.NewTicker(time.Second).Stop()
	var held, done sync.WaitGroup
	held.Add(2)
	done.Add(2)
	one, other := &account{}, &account{}
	go func() { defer done.Done(); transfer(one, other, &held) }()
	go func() { defer done.Done(); transfer(other, one, &held) }()
	done.Wait()
}

// A receive that nothing can ever end.
func TestReceivesFromNil(t *testing.T) {
	defer time.NewTicker(time.Second).Stop()
	var none chan int
	<-none
}

// One says Done of two, and nobody else ever will.
func TestWaitsForOneTooMany(t *testing.T) {
	defer time.NewTicker(time.Second).Stop()
	var all sync.WaitGroup
	all.Add(2)
	go all.Done()
	all.Wait()
}
