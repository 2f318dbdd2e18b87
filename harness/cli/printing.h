#pragma once

#include <string>

#include "harness/base/result.h"

namespace faultrig {

// Exit codes of every command (see language, Exit codes): a mistake of the
// user's; trouble of ours, or nothing found; nothing could run here.
constexpr int kUsage = 2;
constexpr int kTrouble = 3;
constexpr int kNothingRan = 77;

// Prints on stdout; false when it could not be written.
bool print(const std::string& text);
// The same for texts, in which no line is a command of Azure Pipelines or of
// old runners of GitHub: `##[` and `##vso[` are taken apart, wherever they
// stand.
bool print_text(const std::string& text);
// Prints on stderr, safe for a terminal, whatever a user's option or file said:
// control characters are shown (for_terminal in base/text.h).
void complain(const std::string& text);
// Prints on stderr as it is: for control sequences of our own.
void write_stderr(const std::string& text);

// Complains about an error, and gives the exit code that it stands for.
int tell(const Error& error);

// Says that a campaign was ended by that signal, and gives the exit code.
int tell_interrupted(int signal, bool all_gone);

}  // namespace faultrig
