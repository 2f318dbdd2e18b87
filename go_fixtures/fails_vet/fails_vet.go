// Package fails_vet has a test that compiles and that go vet refuses. The tag
// `broken` lets it in.
package fails_vet
