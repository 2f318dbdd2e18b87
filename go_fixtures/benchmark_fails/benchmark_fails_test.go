// The deed: a benchmark that fails, and one that panics.
package benchmark_fails

import "testing"

func BenchmarkFails(b *testing.B) {
	b.Fatal("too slow to be measured")
}

func BenchmarkPanics(b *testing.B) {
	panic("too fast to be measured")
}
