#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// How much of what a program relies on hangs on a call: what it loses when
// nobody notices that the call failed.
enum class CallStake {
  data,   // what was written, synced, renamed or cut short may be lost
  state,  // files, folders, descriptors and connections are not as believed
  look,   // something was only asked
};

// The errors that a call can give for no fault of its caller's, by its manual
// page: those of devices, networks and limits, the most telling first.
struct CallErrors {
  std::string_view call;
  CallStake stake;
  std::array<int, 4> errors;  // errno, at least one; 0 behind the last
};

// Every call that a sweep makes fail unless it is told others, the highest
// stake first; close(2) is not among them (is_close()).
std::span<const CallErrors> swept_calls();
// Nullptr for a call that the table does not have.
const CallErrors* errors_of_call(std::string_view call);

// close(2) frees its descriptor whatever it answers (its page, NOTES), so that
// its failures are a matter of their own.
bool is_close(std::string_view call);

// With ASCII letters small, whatever the locale.
std::string in_small_letters(std::string_view text);

// What is printed for an errno, in small letters: by Go and C, `input/output
// error`, then by libraries that have words of their own, `disk is full`.
std::vector<std::string> error_words(int error);

}  // namespace faultrig
