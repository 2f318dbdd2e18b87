#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/values.h"

namespace faultrig {

// One function of a Go stack, as runtime.CallersFrames tells it.
struct GoFrame {
  std::string function;  // with its package: `example.com/shop/store.(*DB).Put`
  std::string file;
  int line = 0;

  bool operator==(const GoFrame&) const = default;
};

// The functions that led to a call.
struct GoStack {
  std::vector<GoFrame> frames;  // innermost first, inlined ones too
  // Why there may be others, outside of them; empty: these are all, and none
  // means that no Go function led there.
  std::string unknown;

  bool operator==(const GoStack&) const = default;
};

// Shared by the calls that came the same way; null: nobody looked.
using GoStackPtr = std::shared_ptr<const GoStack>;

// Is the function of Go's standard library or runtime?
bool is_standard(std::string_view function);

// The frames that are not of the standard library, innermost first, up to, and
// not including, the first of a test.
std::vector<GoFrame> program_frames(const GoStack& stack);

// Whose call is it: the program's own, if the innermost function outside of the
// standard library is not of a test; Go's runtime's, if the innermost of all
// but the bare system calls is; of neither. Nothing: the stack does not say.
enum class CallOwner { program, runtime, other, unknown };
CallOwner owner_of(const GoStack& stack);

// The id of the place that a call comes from: 16 hexadecimal digits of the
// call, the function of the standard library that the program called, and the
// program's functions up to the test, without files and lines. Empty: the stack
// does not say, or it is no Go program.
std::string site_of(std::string_view call, const GoStack& stack);
// What the id is made of, one a line: `fsync`, `os.(*File).Sync`, ...
std::string site_text(std::string_view call, const GoStack& stack);
// As many digits as are shown of an id, and as few as may be written.
inline constexpr std::size_t kShownSite = 8;
inline constexpr std::size_t kLeastSite = 6;

// Does a call come from there? Nothing: nobody can know.
std::optional<bool> comes_from(const CallOrigin& origin, std::string_view call,
                               const GoStack* stack);

// `store.(*DB).Put (db.go:41) < store.(*DB).Sync (db.go:80)`: the first few of
// the program's frames; empty if there are none.
std::string stack_text(const GoStack& stack);

}  // namespace faultrig
