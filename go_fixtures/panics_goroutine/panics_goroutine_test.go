// The deed: panics in a goroutine of its own, where no test can recover it.
package panics_goroutine

import (
	"fmt"
	"testing"
)

func TestPanicsElsewhere(t *testing.T) {
	defer func() {
		// Never reached: it is not this goroutine that panics.
		fmt.Println("recovered:", recover())
	}()
	fmt.Println("panicking elsewhere")
	done := make(chan bool)
	go surprise(done)
	<-done
}

func surprise(done chan bool) {
	if done != nil {
		panic("rotten elsewhere")
	}
	done <- true
}
