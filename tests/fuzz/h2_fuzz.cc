// A service sends what frames of HTTP/2 it likes: each stream closes once, and
// nothing is told of it afterwards.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>

#include "harness/load/grpc_frames.h"
#include "harness/load/h2_session.h"

namespace {

class Streams final : public faultrig::H2SessionUser {
 public:
  void piece_given(int stream) override { expect_open(stream); }
  void field_came(int stream, std::string_view /*name*/,
                  std::string_view /*value*/) override {
    expect_open(stream);
  }
  void body_came(int stream, std::string_view bytes) override {
    expect_open(stream);
    (void)faultrig::says_serving(bytes);
  }
  void answer_ended(int stream) override { expect_open(stream); }
  void stream_closed(int stream, std::uint32_t /*code*/) override {
    expect_open(stream);
    closed_.insert(stream);
  }

 private:
  void expect_open(int stream) const {
    if (closed_.contains(stream)) {
      std::abort();
    }
  }
  std::set<int> closed_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes,
                                      std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  Streams streams;
  faultrig::H2Session session(streams);
  (void)session.ask({.method = "POST", .pieces = {"one", "two"}});
  (void)session.ask({});
  (void)session.to_send();
  if (session.feed(text.substr(0, size / 2))) {
    session.go_on(1);
    (void)session.to_send();
    (void)session.feed(text.substr(size / 2));
  }
  (void)session.to_send();
  return 0;
}
