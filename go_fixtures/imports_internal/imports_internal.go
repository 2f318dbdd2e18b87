// Package imports_internal imports what is not meant for it, with the tag
// `broken`.
package imports_internal
