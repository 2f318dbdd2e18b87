#include "harness/load/wanted.h"

#include <re2/re2.h>

namespace faultrig {

namespace {

constexpr int kOk = 200;
constexpr int kFirstFinal = 200;    // below, an answer is still to come
constexpr int kFirstFailure = 500;  // statuses from here are failures
constexpr std::size_t kKept = 64 << 10;

}  // namespace

Wanted::Wanted(const Load& load) : load_(load) {
  if (!load.answer.empty()) {
    text_ = std::make_unique<re2::RE2>(load.answer, re2::RE2::Quiet);
  }
}

Wanted::~Wanted() = default;

bool Wanted::is_met(int status, const std::string& body) const {
  bool as_asked = load_.status
                      ? status == *load_.status
                      : status >= kFirstFinal && status < kFirstFailure;
  return as_asked && has_text(body);
}

bool Wanted::is_met_by_grpc(int http_status, int grpc_status,
                            const std::string& body) const {
  return http_status == kOk && grpc_status == load_.status.value_or(0) &&
         has_text(body);
}

std::size_t Wanted::kept() const { return text_ == nullptr ? 0 : kKept; }

bool Wanted::has_text(const std::string& body) const {
  return text_ == nullptr || re2::RE2::PartialMatch(body, *text_);
}

std::string numbered(std::string text, std::uint64_t n) {
  constexpr std::string_view kNumber = "${n}";
  std::string number = std::to_string(n);
  std::size_t at = 0;
  while ((at = text.find(kNumber, at)) != std::string::npos) {
    text.replace(at, kNumber.size(), number);
    at += number.size();
  }
  return text;
}

}  // namespace faultrig
