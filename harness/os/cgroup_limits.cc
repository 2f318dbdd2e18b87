// Limits hold for all below, but a file tells only of its own group: in a new
// one it says `max`, or is not there. Go since 1.25, automaxprocs and others
// read the file of their own group, and no other.
#include "harness/os/cgroup_limits.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/text.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

// Most attach types of BPF programs are not for groups: the kernel says so.
constexpr std::uint32_t kAttachTypes = 64;
// v1 says "no limit" as the largest multiple of a page.
constexpr double kNoLimitOfV1 = 4.6e18;
constexpr double kNone = std::numeric_limits<double>::infinity();

std::string text_of(const fs::path& path) {
  auto text = read_file(AT_FDCWD, path.string());
  std::string out = text ? *text : "";
  while (!out.empty() && std::isspace(static_cast<unsigned char>(out.back()))) {
    out.pop_back();
  }
  return out;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(text.find_first_of(" =\n", at), text.size());
    if (end > at) {
      out.push_back(text.substr(at, end - at));
    }
    at = end + 1;
  }
  return out;
}

bool is_number(std::string_view word) {
  return std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isdigit(c) != 0 || c == '.';
  });
}

bool has_programs(const std::string& folder) {
  auto group = open_file(AT_FDCWD, folder, O_RDONLY | O_DIRECTORY);
  for (std::uint32_t type = 0; group && type < kAttachTypes; ++type) {
    bpf_attr ask{};
    ask.query.target_fd = static_cast<std::uint32_t>(group->get());
    ask.query.attach_type = type;
    if (syscall(SYS_bpf, BPF_PROG_QUERY, &ask, sizeof ask) == 0 &&
        ask.query.prog_cnt > 0) {
      return true;
    }
  }
  return false;
}

// What a limit allows; of cpu.max, which says `50000 100000`, processors.
double allowed(const std::string& text) {
  char* rest = nullptr;
  double first = std::strtod(text.c_str(), &rest);
  if (rest == text.c_str()) {
    return kNone;
  }
  double period = std::strtod(rest, nullptr);
  return period > 0 ? first / period : first;
}

bool is_of(std::string_view file,
           std::span<const std::string_view> controllers) {
  std::string_view owner = file.substr(0, file.find('.'));
  return controllers.empty() ||
         std::find(controllers.begin(), controllers.end(), owner) !=
             controllers.end();
}

// Of any controller, if none is named.
bool has_settings(const std::string& folder,
                  std::span<const std::string_view> controllers) {
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end;
       at.increment(failed)) {
    std::string file = at->path().filename().string();
    // Files that set nothing are not read: some are slow.
    bool may_set = is_of(file, controllers) && !is_unset(file, "1 1");
    if (may_set && !is_unset(file, text_of(at->path()))) {
      return true;
    }
  }
  return false;
}

struct Default {
  std::string_view file;
  std::string_view content;
};
constexpr std::array kDefaults{Default{"cpu.weight", "100"},
                               Default{"cpu.idle", "0"},
                               Default{"io.weight", "default 100"},
                               Default{"memory.low", "0"},
                               Default{"memory.min", "0"},
                               Default{"memory.oom.group", "0"},
                               Default{"cpuset.cpus", ""},
                               Default{"cpuset.mems", ""},
                               Default{"io.latency", ""}};

constexpr std::array<std::string_view, 5> kCarried{
    "cpu.max", "memory.high", "memory.max", "memory.swap.max", "pids.max"};

// On v1 the new group itself knows what holds for its memory.
std::string v1_limit_of_memory(const fs::path& folder) {
  constexpr std::string_view kKey = "hierarchical_memory_limit ";
  std::string stat = text_of(folder / "memory.stat");
  for (std::string_view line : lines_of(stat)) {
    if (line.starts_with(kKey)) {
      return std::string(line.substr(kKey.size()));
    }
  }
  return "";
}

void carry(const fs::path& file, const std::string& limit) {
  if (access(file.c_str(), W_OK) == 0) {
    (void)write_file(AT_FDCWD, file.string(), limit);
  }
}

}  // namespace

bool is_unset(std::string_view file, std::string_view content) {
  for (const Default& one : kDefaults) {
    if (one.file == file) {
      return content.empty() || content == one.content;
    }
  }
  std::vector<std::string_view> words = words_of(content);
  if (file == "cpu.max") {
    return words.empty() || words.front() == "max";
  }
  bool bounds = file.ends_with(".max") || file.ends_with(".high");
  return !bounds || std::none_of(words.begin(), words.end(), is_number);
}

bool restrains(const std::string& folder) {
  return has_settings(folder, {}) || has_programs(folder);
}

bool restrains(const std::string& folder,
               std::span<const std::string_view> controllers) {
  return has_settings(folder, controllers);
}

std::string lower_limit(const std::string& one, const std::string& other) {
  return allowed(other) < allowed(one) ? other : one;
}

std::optional<std::string> limit_from_above(const std::string& folder,
                                            std::string_view file) {
  std::string lowest = "max";
  for (fs::path at = folder; fs::exists(at / file); at = at.parent_path()) {
    lowest = lower_limit(lowest, text_of(at / file));
  }
  return allowed(lowest) < kNone ? std::optional(lowest) : std::nullopt;
}

void carry_limits(const std::string& folder, bool v2) {
  fs::path own(folder);
  std::string above = own.parent_path().string();
  if (v2) {
    for (std::string_view file : kCarried) {
      if (auto limit = limit_from_above(above, file)) {
        carry(own / file, *limit);
      }
    }
    return;
  }
  std::string memory = v1_limit_of_memory(own);
  if (allowed(memory) < kNoLimitOfV1) {
    carry(own / "memory.limit_in_bytes", memory);
  }
  if (auto pids = limit_from_above(above, "pids.max")) {
    carry(own / "pids.max", *pids);
  }
}

}  // namespace faultrig
