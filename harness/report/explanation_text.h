#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/explanation.h"

namespace faultrig {

// What a log or evidence came to, for people: each package with its causes,
// the lines that show them, what to do, and the scenario that provokes them.
// At most 80 columns; what the log held is escaped. `subject` names it.
std::string explained_text(const Explained& explained,
                           std::string_view subject);

// The same for programs: one JSON object, indented, UTF-8, with its newline.
std::string explained_json(const Explained& explained,
                           std::string_view subject);

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
std::vector<Showing> showings_of(int code, std::span<const Cause> causes);

std::string code_text(int code, const std::vector<Showing>& showings);
std::string code_json(int code, const std::vector<Showing>& showings);

}  // namespace faultrig
