#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/replayed.h"

namespace faultrig {

// The arguments of a call, as strace(1) shows them, at most 16: what stands in
// quotes, brackets or angles is not divided.
std::vector<std::string_view> arguments_of(std::string_view text);

// What a quoted text says: `"a\n"` is two characters. Nothing where it is none.
// With kLeftOut at its end where it is not all of it.
std::optional<std::string> quoted_text(std::string_view argument);

// The words of a list, `["sh", "-c", ...]`. Nothing where one is no text or is
// not whole.
std::optional<std::vector<std::string>> quoted_list(std::string_view argument);

// A descriptor, with what -y knows of it: `3</etc/hosts>`. The number is
// nothing for what is none; AT_FDCWD is none.
struct ShownFd {
  std::optional<int> number;
  std::string_view shown;  // `/etc/hosts`, `socket:[5]`; empty: not told
};
ShownFd shown_fd(std::string_view argument);

// The address of a connect, as faults name it: `127.0.0.1:5432`, `[::1]:443`,
// `/run/x.sock`. Empty: none that is known here.
std::string shown_peer(std::string_view arguments);

}  // namespace faultrig
