// The deed: makes the runtime panic, each test in a way of its own.
package runtime_panics

import (
	"fmt"
	"sync"
	"testing"
)

type node struct{ next *node }

// Values that neither the compiler nor vet can see through.
var (
	nobody *node
	zero   int
	any    interface{} = "seven"
	few                = []int{1, 2, 3}
)

func TestNilPointer(t *testing.T) {
	fmt.Println(nobody.next)
}

func TestIndex(t *testing.T) {
	fmt.Println(few[zero+5])
}

func TestSlice(t *testing.T) {
	fmt.Println(few[zero+2 : zero+1])
}

func TestDivision(t *testing.T) {
	fmt.Println(7 / zero)
}

func TestTypeAssertion(t *testing.T) {
	fmt.Println(any.(int))
}

func TestClosedChannel(t *testing.T) {
	done := make(chan bool)
	close(done)
	close(done)
}

func TestWaitGroup(t *testing.T) {
	var running sync.WaitGroup
	running.Done()
}

func TestMakeSlice(t *testing.T) {
	fmt.Println(len(make([]int, zero-1)))
}

func TestUnhashable(t *testing.T) {
	var key interface{} = few
	fmt.Println(map[interface{}]bool{key: true})
}
