#include "harness/cli/written_scenario.h"

#include <cerrno>
#include <cstddef>
#include <filesystem>

#include "harness/base/fd.h"
#include "harness/base/text.h"
#include "harness/cli/report_target.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

// Links are not followed, and pipes not waited for.
Result<std::string> held_by(const std::string& file) {
  constexpr std::size_t kMost = 1 << 20;
  return read_regular_file(file, kMost);
}

bool begins_as_of_map(std::string_view text, std::string_view tags) {
  std::size_t second = text.find('\n');
  return text.starts_with("about: \"") && second != text.npos &&
         text.substr(second + 1).starts_with(tags);
}

}  // namespace

Result<> make_scenario_folder(const std::string& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  return failed ? Result<>(
                      system_error("make the folder " + folder, failed.value()))
                : Ok{};
}

std::string scenario_file(const std::string& folder, const std::string& name) {
  return (fs::path(folder) / (name + ".yaml")).string();
}

bool is_of_map(const std::string& file, std::string_view tags) {
  return begins_as_of_map(held_by(file).value_or(""), tags);
}

Result<> refuse_other(const std::string& file, const std::string& yaml,
                      std::string_view tags) {
  auto held = held_by(file);
  bool none = !held && held.error().os_errno == ENOENT;
  bool ours = held && (*held == yaml ||
                       (!tags.empty() && begins_as_of_map(*held, tags)));
  return none || ours ? Result<>(Ok{})
                      : usage_error(for_one_line(file) +
                                    " is there, and is not what would be "
                                    "written: remove it, or name another "
                                    "folder");
}

Result<> write_scenario(const std::string& file, const std::string& yaml,
                        std::string_view tags) {
  TRY(refuse_other(file, yaml, tags));
  return write_text(file, yaml);
}

}  // namespace faultrig
