#include "harness/cli/peer_options.h"

#include <algorithm>

#include "harness/model/dependency.h"
#include "harness/parse/moment_reader.h"

namespace faultrig {

namespace {

// `slow: 300ms`, as a scenario has it; `hang`.
std::optional<DependencyDeed> deed_in(const std::string& text) {
  std::size_t colon = std::min(text.find(':'), text.size());
  std::size_t number =
      std::min(text.find_first_not_of(": ", colon), text.size());
  return dependency_deed(text.substr(0, colon), text.substr(number));
}

}  // namespace

void PeerOptions::declare(Arguments& arguments) {
  arguments.read_each(
      "--dependency",
      [this](const std::string& text) -> std::string {
        to_.emplace_back(text == "any" ? "" : text);
        return text == "any" || !dependency_peers(text).empty()
                   ? ""
                   : "expected any, HOST:PORT, PORT or the path of a socket";
      },
      "in place of calls, what it connects to: any, HOST:PORT (`*` matches), "
      "PORT or a path; may repeat");
  arguments.read_each(
      "--does",
      [this](const std::string& text) -> std::string {
        auto deed = deed_in(text);
        does_.push_back(deed.value_or(DependencyDeed()));
        return deed ? "" : "expected " + std::string(kDependencyDeeds);
      },
      "what that does: " + std::string(kDependencyDeeds) +
          "; may repeat (default: refuse, hang and reset)");
  arguments.read_each(
      "--when",
      [this](const std::string& text) -> std::string {
        Result<std::string> moment = read_moment(text);
        when_.push_back(moment ? *moment : "");
        return moment ? "" : moment.error().what;
      },
      "from which moment on: start, or what the when of a fault has, such as "
      "'output: ready'; may repeat (default: start)");
}

std::string PeerOptions::wrong(const SweepAsked& others,
                               const std::vector<std::string>& each,
                               bool coverage) const {
  if (!given()) {
    return !does_.empty()   ? "--does needs --dependency"
           : !when_.empty() ? "--when needs --dependency"
                            : "";
  }
  bool calls = !others.calls.empty() || !others.errors.empty() || others.kill ||
               others.shorten || others.delay || !others.in.empty();
  if (calls) {
    return "--dependency sweeps no calls: --call, --error, --in, --kill, "
           "--short and --delay are not for it";
  }
  if (std::find(each.begin(), each.end(), "per_test") != each.end()) {
    return "--each per_test is not for --dependency";
  }
  return coverage ? "coverage is that of calls: not for --dependency" : "";
}

void PeerOptions::ask(SweepAsked& asked) const {
  if (!given()) {
    return;
  }
  asked.peers.emplace();
  if (std::find(to_.begin(), to_.end(), "") == to_.end()) {
    asked.peers->to = to_;
  }
  if (!does_.empty()) {
    asked.peers->does = does_;
  }
  if (!when_.empty()) {
    asked.peers->when = when_;
  }
  asked.each = kEachOfPeers;
}

}  // namespace faultrig
