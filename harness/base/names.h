#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// `SIGTERM` for 15, `SIGRTMIN+3` for a real-time signal, `signal 99` for none
// (signal(7)).
std::string signal_name(int signal);

// SIGTERM, SIGINT, SIGQUIT or SIGKILL: sent to make a program end, which it
// does if it does nothing about it (signal(7)).
bool is_stop_signal(int signal);

// 15 for `SIGTERM`, `TERM` (kill(1) takes both); nothing for anything else.
std::optional<int> signal_number(std::string_view name);

// Can this signal end a process that does nothing about it (signal(7))? Some
// stop or continue it, or are ignored.
bool can_kill(int signal);

// `EIO` for 5; `errno 200` for a number without a name (errno(3)).
std::string errno_name(int number);

// 5 for `EIO`; nothing for anything else.
std::optional<int> errno_number(std::string_view name);

// All names, for suggestions.
std::vector<std::string> signal_names();
std::vector<std::string> errno_names();

// The candidate that a writer of `word` most likely meant: at most two edits
// away (insert, delete, replace, swap), or that starts with `word` or the
// other way round; nothing if none is near.
std::optional<std::string> nearest(std::string_view word,
                                   std::span<const std::string> candidates);

// ` (did you mean 'SIGTERM'?)`, or nothing.
std::string suggestion(std::string_view word,
                       std::span<const std::string> candidates);

}  // namespace faultrig
