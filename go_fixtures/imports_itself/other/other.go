//go:build broken

// Package other closes the circle.
package other

import _ "faultrig.example/fixtures/imports_itself"
