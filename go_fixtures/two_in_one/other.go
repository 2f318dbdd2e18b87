//go:build broken

// The deed: a second package in one folder.
package other
