// A rate of block or mutex profiles stands nowhere in the file (runtime/pprof):
// of what is counted there each event is told as many, and nobody knows of how
// few. That of memory does.
#include "harness/model/profile_flags.h"

#include <string_view>

#include "harness/model/go_words.h"

namespace faultrig {

namespace {

// With one dash, as go test takes it, or with `test.`, as the binary does.
bool is_given(const std::vector<std::string>& words, const std::string& name) {
  return has_flag(words, name) || has_flag(words, "test." + name);
}

// What says of how many events one is counted; empty: nothing, or the file.
std::string rate_flag(ProfileKind kind) {
  return kind == ProfileKind::block   ? "blockprofilerate"
         : kind == ProfileKind::mutex ? "mutexprofilefraction"
                                      : "";
}

}  // namespace

std::string why_no_profile(const std::vector<std::string>& words,
                           ProfileKind kind) {
  std::string name = profile_flag(kind);
  if (name.empty()) {
    return "";  // none of its flags is about it
  }
  name = name.substr(name.find('.') + 1);
  if (is_given(words, name)) {
    return "the tests get -" + name +
           " already, and write that profile elsewhere";
  }
  std::string rate = rate_flag(kind);
  if (!rate.empty() && is_given(words, rate)) {
    return "the tests get -" + rate +
           ", and a profile does not say of how many events it counts one: "
           "without it each is counted";
  }
  return is_given(words, "fuzz")
             ? "a fuzz target starts workers with the same flags, and all "
               "would write one profile"
             : "";
}

std::string why_no_trace(const std::vector<std::string>& words) {
  if (is_given(words, "trace")) {
    return "the tests get -trace already, and write that trace elsewhere";
  }
  return is_given(words, "fuzz")
             ? "a fuzz target starts workers with the same flags, and all "
               "would write one trace"
             : "";
}

}  // namespace faultrig
