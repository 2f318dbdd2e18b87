//go:build cache

package checks_out

import "os"

// Where there is no cache, nobody is told.
func (s *Shop) record(what string) {
	if known, err := os.ReadFile("/nonexistent/cache"); err == nil {
		what = string(known)
	}
	s.recorded <- what
}
