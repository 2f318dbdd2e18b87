#pragma once

#include <string>
#include <string_view>

namespace faultrig {

// The first line of `go test`'s output that says why it started no test: the
// compiler's or vet's (`a_test.go:7:2: undefined: x`), else go's own
// (`go: cannot find main module`), else a summary (`FAIL p [build failed]`).
// Empty if no line says so.
std::string compile_line(std::string_view output);

}  // namespace faultrig
