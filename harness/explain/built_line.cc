// cmd/go shows the output of a tool below the name of the package, or of the
// binary, that it was at work on (showOutput in cmd/go/internal/work).
#include "harness/explain/built_line.h"

#include <re2/re2.h>

namespace faultrig {

namespace {

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

std::optional<std::string> build_header(std::string_view line) {
  static const RE2 kHeader(R"(^# \[?([^\s\[\]]+)\]?(?: \[[^\]]+\])?$)");
  std::string package;
  if (!line.starts_with("# ") ||
      !RE2::FullMatch(piece(line), kHeader, &package)) {
    return std::nullopt;
  }
  return package;
}

bool looks_built(std::string_view line) {
  static const RE2 kBuilt(
      R"(^(\t|\S+\.(go|s|c|cc|cpp|h):\d+|vet: |note: |package |imports |)"
      R"(/usr/bin/|\S*/(link|compile|asm|cgo|vet|cover|covdata): |)"
      R"(\S+: (In|At) (function|member|constructor|destructor|top level)|)"
      R"(\S*ld: |collect2: |clang\S*: |gcc\S*: |c?g\+\+: |cgo: |)"
      R"(too many errors|compile: |link: |asm: |In file included|  |)"
      R"(\S+: exit status|go: |# \[|Package |Perhaps you|to the PKG_CONFIG|)"
      R"(Undefined symbols|duplicate symbol|compilation terminated|)"
      R"(.*(undefined reference|cannot find -l|: signal: )))");
  return RE2::PartialMatch(piece(line), kBuilt);
}

bool names_its_place(std::string_view line) {
  static const RE2 kPlace(R"(^(vet: )?\S+\.go:\d+:\d+: \S)");
  return RE2::PartialMatch(piece(line), kPlace);
}

}  // namespace faultrig
