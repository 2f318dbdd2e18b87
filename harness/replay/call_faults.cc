#include "harness/replay/call_faults.h"

#include <fmt/format.h>

#include "harness/base/yaml_word.h"

namespace faultrig {

namespace {

constexpr int kLeastFds = 5;  // with fewer fds starts nothing

// `, nth: 25`: which of the calls there failed; empty: all of them.
std::string which_calls(const FailedCalls& failed) {
  if (failed.calls == 0 || failed.failed == failed.calls) {
    return "";
  }
  bool rest = failed.failed == failed.calls - failed.nth + 1;
  return fmt::format(", nth: {}{}", failed.nth,
                     failed.failed > 1 && rest ? "+" : "");
}

std::string place_yaml(const CallPlace& place) {
  switch (place.kind) {
    case CallPlace::Kind::path:
      return ", path: " + yaml_word(place.text);
    case CallPlace::Kind::peer:
      return ", peer: " + yaml_word(place.text);
    case CallPlace::Kind::socket:
      return ", fd: socket";
    case CallPlace::Kind::stdio:
      return ", fd: stdio";
    case CallPlace::Kind::none:
      break;
  }
  return "";
}

std::string place_words(const FailedCalls& failed) {
  switch (failed.place.kind) {
    case CallPlace::Kind::path:
      return " of " + failed.path;
    case CallPlace::Kind::peer:
      return " to " + failed.place.text;
    case CallPlace::Kind::socket:
      return failed.place.text.empty() ? " of a socket"
                                       : " to " + failed.place.text;
    case CallPlace::Kind::stdio:
      return " of what it reads or prints";
    case CallPlace::Kind::none:
      break;
  }
  return "";
}

}  // namespace

std::string words_of(const FailedCalls& failed) {
  return fmt::format("{}{} fails with {}", failed.call, place_words(failed),
                     failed.error);
}

std::string fault_of(const FailedCalls& failed) {
  return fmt::format("syscall: {{call: {}{}{}, error: {}}}", failed.call,
                     place_yaml(failed.place), which_calls(failed),
                     failed.error);
}

Mechanism mechanism_of(const FailedCalls& failed) {
  std::string port = failed.place.text.substr(failed.place.text.rfind(':') + 1);
  bool address = failed.place.kind != CallPlace::Kind::path &&
                 !failed.place.text.starts_with("/") &&
                 failed.place.text.find(':') != std::string::npos;
  std::string to = yaml_word(failed.place.text);
  if (failed.error == "EMFILE" && failed.highest + 1 < kLeastFds) {
    return {};
  }
  if (failed.error == "EMFILE") {
    return {fmt::format("fds: {{max: {}}}", failed.highest + 1),
            fmt::format("no more than {} descriptors", failed.highest + 1)};
  }
  if (failed.call == "bind" && failed.error == "EADDRINUSE" && address) {
    return {"port: {taken: " + port + "}", "port " + port + " is taken"};
  }
  if (failed.call == "connect" && failed.error == "ECONNREFUSED" && address) {
    return {"dependency: {to: " + to + ", does: refuse}",
            failed.place.text + " refuses"};
  }
  if (failed.call == "connect" && failed.error == "ETIMEDOUT" && address) {
    return {"dependency: {to: " + to + ", does: hang}",
            failed.place.text + " does not answer"};
  }
  return {};
}

}  // namespace faultrig
