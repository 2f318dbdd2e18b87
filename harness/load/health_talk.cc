#include "harness/load/health_talk.h"

#include "harness/load/grpc_frames.h"

namespace faultrig {

namespace {

constexpr std::size_t kMost = 256;  // bytes; the answer has seven

}  // namespace

HealthTalk::HealthTalk(const Wire& wire, const std::string& service)
    : session_(std::make_unique<H2Session>(*this)) {
  H2Request request;
  request.method = "POST";
  request.scheme = wire.tls ? "https" : "http";
  request.authority = wire.host;
  request.path = "/grpc.health.v1.Health/Check";
  request.fields = {{"content-type", "application/grpc"}, {"te", "trailers"}};
  request.pieces = {health_question(service)};
  (void)session_->ask(std::move(request));  // the first is always allowed
}

bool HealthTalk::feed(std::string_view bytes) {
  return session_->feed(bytes) && !(session_->is_over() && !answered_);
}

int HealthTalk::status() const {
  constexpr int kServing = 200;
  constexpr int kNotServing = 503;
  return answered_ && says_serving(body_) ? kServing : kNotServing;
}

void HealthTalk::body_came(int /*stream*/, std::string_view bytes) {
  if (body_.size() < kMost) {
    body_.append(bytes.substr(0, kMost - body_.size()));
  }
}

void HealthTalk::stream_closed(int /*stream*/, std::uint32_t /*code*/) {
  answered_ = true;
}

}  // namespace faultrig
