// Package imports_itself imports itself by way of another package, with the tag
// `broken`.
package imports_itself
