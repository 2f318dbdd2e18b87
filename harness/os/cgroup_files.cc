#include "harness/os/cgroup_files.h"

#include <fcntl.h>

#include <cstdlib>
#include <sstream>

#include "harness/base/fd.h"
#include "harness/base/text.h"

namespace faultrig {

std::optional<std::int64_t> keyed_value(std::string_view text,
                                        std::string_view key) {
  for (std::string_view line : lines_of(text)) {
    if (line.starts_with(key) && line.substr(key.size()).starts_with(' ')) {
      std::string value(line.substr(key.size() + 1));
      return strtoll(value.c_str(), nullptr, 10);
    }
  }
  return std::nullopt;
}

std::optional<std::int64_t> value_in(const std::string& path,
                                     std::string_view key) {
  auto text = read_file(AT_FDCWD, path);
  return text ? keyed_value(*text, key) : std::nullopt;
}

std::optional<std::uint64_t> number_in(const std::string& path) {
  auto text = read_file(AT_FDCWD, path, 64);
  if (!text || text->empty() || text->front() < '0' || text->front() > '9') {
    return std::nullopt;
  }
  return strtoull(text->c_str(), nullptr, 10);
}

bool has_word(const std::string& path, std::string_view word) {
  auto text = read_file(AT_FDCWD, path);
  std::istringstream words(text ? *text : "");
  for (std::string one; words >> one;) {
    if (one == word) {
      return true;
    }
  }
  return false;
}

}  // namespace faultrig
