#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace faultrig {

// What becomes of connections to something that a workload depends on.
enum class DependencyMode {
  refuse,       // connect(2) fails with ECONNREFUSED, what stood is reset
  hang,         // nothing that comes is passed on
  reset,        // what stands is reset; what comes later, at its first byte
  slow,         // answers come `number` nanoseconds later
  bandwidth,    // `number` bytes a second, each connection, each way
  cut,          // an answer ends after `number` bytes
  answer,       // each HTTP/1.1 request is answered with status `number`
  connections,  // beyond `number` at once connect(2) fails with ECONNREFUSED
};

// One of these, with its number.
struct DependencyDeed {
  DependencyMode mode = DependencyMode::refuse;
  std::int64_t number = 0;

  // `hang`, `slow 300ms`.
  std::string text() const;
  // As a fault `dependency` says it: `does: hang`, `slow: 300ms`.
  std::string yaml() const;
};

// `hang` and nothing, `slow` and `300ms`: a mode, and its number as it is
// written; nothing: there is no such mode, or it takes no such number.
std::optional<DependencyDeed> dependency_deed(std::string_view mode,
                                              std::string_view number);
inline constexpr std::string_view kDependencyDeeds =
    "refuse, hang, reset, or slow: TIME, bandwidth: SIZE, cut: SIZE, "
    "connections: N, answer: STATUS";

// Does it only come later?
bool is_late(DependencyMode mode);

}  // namespace faultrig
