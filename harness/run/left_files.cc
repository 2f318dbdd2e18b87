// A socket is of no use when nobody listens, and a pid file names nobody: what
// comes next fails with "address already in use", or signals a stranger.
#include "harness/run/left_files.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include "harness/base/fd.h"
#include "harness/base/path_place.h"
#include "harness/base/text.h"
#include "harness/base/whole_number.h"
#include "harness/model/shutdown_map.h"
#include "harness/os/file_state.h"
#include "harness/os/stream_socket.h"
#include "harness/run/service_folder.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 10000;
constexpr std::size_t kPidFile = 4096;  // bytes, at most

bool is_unix_socket(const fs::path& path) {
  std::error_code failed;
  return fs::is_socket(fs::symlink_status(path, failed));
}

// Its first line; 0: that is no number.
std::int64_t number_in(const fs::path& path) {
  std::string text = read_regular_file(path.string(), kPidFile).value_or("");
  std::string_view line(text);
  line = line.substr(0, line.find('\n'));
  line = line.substr(std::min(line.find_first_not_of(" \t"), line.size()));
  line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
  return whole_number<std::int64_t>(line).value_or(0);
}

bool is_pid_file(const fs::path& path, const std::set<std::int64_t>& pids) {
  std::error_code failed;
  fs::file_status status = fs::symlink_status(path, failed);
  return fs::is_regular_file(status) &&
         (path.extension() == ".pid" || pids.contains(number_in(path)));
}

// Without following links.
std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code failed;
  fs::recursive_directory_iterator at(
      folder, fs::directory_options::skip_permission_denied, failed);
  for (; !failed && at != fs::end(at) && out.size() < kMostFiles;
       at.increment(failed)) {
    if (!fs::is_directory(at->symlink_status(failed))) {
      out.push_back(at->path());
    }
  }
  return out;
}

// Somebody else's would answer.
bool is_deserted(const fs::path& path) {
  auto network = network_space_of(getpid());
  MeantName name = unix_sockaddr(getpid(), path.string());
  auto socket = network ? stream_in(*network, family_of(name.sockaddr))
                        : Result<Fd>(network.error());
  return socket && begin_connect(*socket, name.sockaddr) == ECONNREFUSED;
}

// Where the service listened by unix(7), as its calls named it.
std::set<fs::path> places_of(std::span<const Observation> trace,
                             const fs::path& folder) {
  std::set<fs::path> out;
  for (const Observation& seen : trace) {
    if (seen.fact == Fact::call_intercepted && seen.call == "listen" &&
        !seen.path.empty()) {
      out.insert((folder / seen.path).lexically_normal());
    }
  }
  return out;
}

// What its calls named in full, and what was written since: each once, however
// often they named it.
std::set<fs::path> touched_in(std::span<const Observation> trace,
                              std::chrono::nanoseconds since) {
  std::set<fs::path> out;
  for (const Observation& seen : trace) {
    if (seen.fact == Fact::call_intercepted && seen.path.starts_with('/') &&
        !is_of_kernel(seen.path)) {
      out.insert(seen.path);
    }
  }
  std::erase_if(out, [since](const fs::path& path) {
    return !is_touched_since(path.string(), since);
  });
  return out;
}

Observation left_at(const std::string& name, bool socket) {
  Observation seen;
  seen.fact = Fact::files_seen;
  seen.link = link_name(Link::service);
  seen.path = valid_utf8(name);
  seen.action = kFileLeft;
  seen.number = 1;
  seen.text = socket ? "socket" : "pid file";
  return seen;
}

}  // namespace

std::vector<fs::path> files_named_in(const std::vector<std::string>& command) {
  std::vector<fs::path> out;
  for (std::size_t i = 1; i < command.size(); ++i) {
    const std::string& word = command[i];
    std::size_t at = word.find('/');
    bool begins = at == 0 || (at != word.npos &&
                              (word[at - 1] == '=' || word[at - 1] == ':'));
    std::size_t slashes = at == word.npos ? 0 : word.find_first_not_of('/', at);
    bool of_url = slashes != word.npos && slashes == at + 2;
    std::error_code failed;
    if (begins && !of_url && !fs::is_directory(word.substr(at), failed)) {
      out.emplace_back(word.substr(at));
    }
  }
  return out;
}

LeftFiles::LeftFiles(const Workload& workload, const Learnt& learnt)
    : since_(earliest_stamp()) {
  if (!workload.service) {
    return;
  }
  folder_ = workload.cwd;
  named_ = files_named_in(workload.command);
  if (keeps_all(workload)) {
    top_ = learnt.top.empty() ? folder_ : learnt.top;
    tmp_ = learnt.tmp.path();
  } else {
    for (const std::string& word : workload.command) {
      fs::path name = word.substr(word.find_last_of("=:") + 1);
      if (name.is_relative() && name.has_filename()) {
        named_.push_back((folder_ / name).lexically_normal());
      }
    }
  }
  for (const Found& found : {changed_inside(), changed_outside({})}) {
    for (const auto& [name, path] : found) {
      before_[path.string()] = file_state(path.string());
    }
  }
}

void LeftFiles::find_changed(const fs::path& path, const std::string& name,
                             Found& found) const {
  std::vector<std::int64_t> state = file_state(path.string());
  auto was = before_.find(path.string());
  if (!state.empty() && (was == before_.end() || was->second != state)) {
    found[name] = path;
  }
}

LeftFiles::Found LeftFiles::changed_inside() const {
  Found found;
  if (!top_.empty()) {
    for (const fs::path& path : files_below(top_)) {
      find_changed(path, path.lexically_relative(folder_).string(), found);
    }
  }
  if (!tmp_.empty()) {
    for (const fs::path& path : files_below(tmp_)) {
      find_changed(path, ("$TMPDIR" / path.lexically_relative(tmp_)).string(),
                   found);
    }
  }
  return found;
}

bool LeftFiles::is_outside(const fs::path& path) const {
  return path.is_absolute() && !is_below(path.native(), top_.native()) &&
         !is_below(path.native(), tmp_.native());
}

LeftFiles::Found LeftFiles::changed_outside(std::set<fs::path> others) const {
  Found found;
  std::set<fs::path> paths(named_.begin(), named_.end());
  paths.merge(others);
  for (const fs::path& path : paths) {
    if (is_outside(path)) {
      find_changed(path, path.string(), found);
    }
  }
  return found;
}

std::vector<Observation> LeftFiles::look(
    const std::set<std::int64_t>& pids,
    std::span<const Observation> trace) const {
  std::vector<Observation> out;
  if (folder_.empty()) {
    return out;
  }
  auto is_named = [this](const fs::path& path) {
    return std::find(named_.begin(), named_.end(), path) != named_.end();
  };
  for (const auto& [name, path] : changed_inside()) {
    bool socket = is_unix_socket(path);
    if (socket || is_pid_file(path, pids)) {
      out.push_back(left_at(name, socket));
    }
  }
  std::set<fs::path> places = places_of(trace, folder_);
  std::set<fs::path> outside = touched_in(trace, since_);
  outside.insert(places.begin(), places.end());
  for (const auto& [name, path] : changed_outside(std::move(outside))) {
    bool socket = is_unix_socket(path);
    bool its = places.contains(path) ||
               (is_named(path) && !before_.contains(path.string()));
    if (socket ? its && is_deserted(path) : pids.contains(number_in(path))) {
      out.push_back(left_at(name, socket));
    }
  }
  return out;
}

}  // namespace faultrig
