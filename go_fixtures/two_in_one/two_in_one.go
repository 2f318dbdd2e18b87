// Package two_in_one shares its folder with another package, with the tag
// `broken`.
package two_in_one
