#include "harness/judge/pattern.h"

#include <re2/re2.h>

namespace faultrig {

namespace {

RE2::Options quiet_options() {
  RE2::Options options;
  options.set_log_errors(false);
  return options;
}

}  // namespace

Pattern::Pattern(const std::string& expression)
    : expression_(std::make_unique<RE2>("(?m)" + expression, quiet_options())) {
}

Pattern::~Pattern() = default;

bool Pattern::found_in(std::string_view text) const {
  return expression_->ok() &&
         RE2::PartialMatch(re2::StringPiece(text.data(), text.size()),
                           *expression_);
}

std::optional<std::size_t> Pattern::position_in(std::string_view text) const {
  re2::StringPiece whole(text.data(), text.size());
  re2::StringPiece match;
  bool found =
      expression_->ok() &&
      expression_->Match(whole, 0, whole.size(), RE2::UNANCHORED, &match, 1);
  return found ? std::optional(
                     static_cast<std::size_t>(match.data() - whole.data()))
               : std::nullopt;
}

}  // namespace faultrig
