// Package c_does_not_build has C that does not build, one way for each tag:
// `header`, `syntax`, `link`. Without a tag it is empty.
package c_does_not_build
