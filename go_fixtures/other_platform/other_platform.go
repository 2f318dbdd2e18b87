//go:build plan9

// The deed: has nothing to build on any platform but one.
package other_platform
