#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace faultrig {

// What a build prints: `# package`, and below it lines of the tools.

// `m/x` of `# m/x [m/x.test]`; nothing if the line is no such header.
std::optional<std::string> build_header(std::string_view line);

// Has the line a form in which compiler, linker or vet speak?
bool looks_built(std::string_view line);

// Does it name the place in a Go file that it tells of?
bool names_its_place(std::string_view line);

}  // namespace faultrig
