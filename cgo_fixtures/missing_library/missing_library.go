// The deed: needs a shared library that is nowhere.
package missing_library

// The directive makes the linker write the library's name into the binary
// (DT_NEEDED in elf(5)) without looking for it, so it links everywhere and
// starts nowhere.
//
//go:cgo_import_dynamic _ _ "libfaultrig-gone.so.1"
