#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/explanation.h"

namespace faultrig {

// What a log or evidence came to, for people: each package with its causes,
// the lines that show them, what to do, and the scenario that provokes them.
// At most 80 columns; what the log held is escaped. `subject` names it. The
// first line is the answer. With `all`, what matched and was outranked, too.
std::string explained_text(const Explained& explained, std::string_view subject,
                           bool all = false);

// The same for programs: one JSON object, indented, UTF-8, with its newline.
std::string explained_json(const Explained& explained,
                           std::string_view subject);

// The scenario files that the `try` rows of such a text name, as they stand
// there: `scenarios/exits/os_exit_255.yaml`.
std::vector<std::string> scenarios_to_try(std::string_view text);

// What to add to it where none of them is there: they are of the catalogue.
inline constexpr std::string_view kTryElsewhere =
    "`try` names a file of faultrig's catalogue: run it in faultrig's sources, "
    "or in\na copy of share/faultrig (docs/install.md)\n";

// One cause, whole.
std::string cause_text(const Cause& cause);

// A cause and a link at which it shows a number: `exits 255`.
struct Showing {
  const Cause* cause = nullptr;
  std::string link;
  std::string shows;  // as in the table of causes
};

// Every place at which an exit code shows itself, from the link next to the
// fault outwards. A signal shows as 128 + its number in a shell.
std::vector<Showing> showings_of(std::int64_t code,
                                 std::span<const Cause> causes);

// The same of a status as people meet it, if this is one: `255`, `-1`,
// `SIGKILL`, `0xc0000005`, `3221225477`.
struct AskedCode {
  std::int64_t code = 0;  // 0 to 255, or an NTSTATUS of Windows
  std::string note;       // what it was taken for; empty: a plain exit code
};
std::optional<AskedCode> asked_code(std::string_view text);

std::string code_text(const AskedCode& asked,
                      const std::vector<Showing>& showings);
std::string code_json(const AskedCode& asked,
                      const std::vector<Showing>& showings);

}  // namespace faultrig
