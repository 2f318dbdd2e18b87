// A shop that records orders, of which there are three versions: as it was,
// with a lock (-tags lock), with a file that is not there (-tags cache). The
// tests pass with each.
package checks_out

import (
	"os"
	"sync"
)

const (
	buyers = 4
	orders = 25
)

// Shop is what orders are recorded in.
type Shop struct {
	recorded chan string
	journal  *os.File
}

// Open makes a shop that keeps a journal.
func Open(path string) (*Shop, error) {
	journal, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	return &Shop{recorded: make(chan string), journal: journal}, nil
}

// Serve writes each order into the journal until there are no more. Gives how
// many there were.
func (s *Shop) Serve() (count int, err error) {
	for order := range s.recorded {
		if _, err := s.journal.WriteString(order + "\n"); err != nil {
			return count, err
		}
		count++
	}
	return count, s.journal.Close()
}

// Order hands one over.
func (s *Shop) Order(what string) {
	s.record(what)
}

// Sell lets all buyers order, then closes.
func (s *Shop) Sell() {
	var wait sync.WaitGroup
	for i := 0; i < buyers; i++ {
		wait.Add(1)
		go s.buy(&wait)
	}
	wait.Wait()
	close(s.recorded)
}

func (s *Shop) buy(wait *sync.WaitGroup) {
	defer wait.Done()
	for i := 0; i < orders; i++ {
		s.Order("tea")
	}
}
