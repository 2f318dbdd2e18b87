//go:build broken

// The deed: a circle of imports.
package imports_itself

import _ "faultrig.example/fixtures/imports_itself/other"
