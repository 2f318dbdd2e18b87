#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "harness/load/h2_session.h"
#include "harness/load/tls_session.h"

namespace faultrig {

// One question of grpc.health.v1.Health/Check and its answer, without a socket.
class HealthTalk final : public H2SessionUser {
 public:
  // `service` empty: of the server as a whole.
  HealthTalk(const Wire& wire, const std::string& service);

  std::string to_send() { return session_->to_send().bytes; }
  // False: this is no HTTP/2.
  bool feed(std::string_view bytes);
  bool is_answered() const { return answered_; }
  // 200: it says that it is serving; 503: anything else.
  int status() const;

  void piece_given(int /*stream*/) override {}
  void field_came(int /*stream*/, std::string_view /*name*/,
                  std::string_view /*value*/) override {}
  void body_came(int stream, std::string_view bytes) override;
  void answer_ended(int /*stream*/) override {}
  void stream_closed(int stream, std::uint32_t code) override;

 private:
  bool answered_ = false;
  std::string body_;
  std::unique_ptr<H2Session> session_;
};

}  // namespace faultrig
