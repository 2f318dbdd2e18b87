// Package missing_import has a test that imports a package which is not there.
// The tag `broken` lets it in.
package missing_import
