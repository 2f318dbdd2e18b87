// The deed: strcpy in C writes behind its target, and glibc's checked version
// (_FORTIFY_SOURCE) notices.
package c_overflows_buffer

/*
#cgo CFLAGS: -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
#include <string.h>

static char block[8];

static void overflow(const char *text) {
  strcpy(block, text);
}
*/
import "C"

import "unsafe"

func overflow() {
	text := []byte("far too long for eight bytes\x00")
	C.overflow((*C.char)(unsafe.Pointer(&text[0])))
}
