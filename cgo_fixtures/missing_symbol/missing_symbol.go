// The deed: calls a function that no library has.
package missing_symbol

// The linker believes the directive that libc has it; the dynamic loader looks
// at the first call.
//
//go:cgo_import_dynamic faultrig_gone faultrig_gone "libc.so.6"

// In call_amd64.s.
func call()
