// The deed: an example that prints something else than it promises.
package example_fails

import "fmt"

func ExampleSum() {
	fmt.Println(Sum(1, 2))
	// Output: 4
}

func Sum(a, b int) int {
	return a + b
}
