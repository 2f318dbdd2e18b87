package missing_symbol

import (
	"fmt"
	"testing"
)

func TestCallsWhatIsNotThere(t *testing.T) {
	fmt.Println("calling what is not there")
	call()
}
