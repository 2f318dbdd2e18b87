#include "harness/run/ready_sign.h"

#include <algorithm>
#include <utility>

#include <re2/re2.h>

namespace faultrig {

ReadySign::ReadySign(const Ready& ready, std::filesystem::path folder)
    : ready_(ready), folder_(std::move(folder)) {
  if (ready.kind == Ready::Kind::output) {
    pattern_ = std::make_unique<RE2>(ready.text, RE2::Quiet);
  }
  if (is_a_file()) {
    before_ = states_of(folder_ / ready_.text);
  }
}

ReadySign::~ReadySign() = default;

bool ReadySign::is_a_file() const { return ready_.kind == Ready::Kind::file; }

bool ReadySign::is(std::string_view line) const {
  return pattern_ && RE2::PartialMatch({line.data(), line.size()}, *pattern_);
}

bool ReadySign::is_there() const {
  FileStates now = states_of(folder_ / ready_.text);
  return std::any_of(now.begin(), now.end(), [this](const auto& file) {
    auto before = before_.find(file.first);
    return before == before_.end() || before->second != file.second;
  });
}

}  // namespace faultrig
