// Package does_not_compile has a test that no compiler takes. The tag `broken`
// lets it in.
package does_not_compile
