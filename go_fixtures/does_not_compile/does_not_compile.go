// Package does_not_compile has tests that no compiler takes. A tag lets one of
// them in: `broken`, `mismatch`, `unused`, `twice`, `syntax`, `signature`,
// `embed`, `returns`.
package does_not_compile
