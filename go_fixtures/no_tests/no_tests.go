// Package no_tests has code and no test.
package no_tests

// Answer is never tested.
func Answer() int {
	return 42
}
