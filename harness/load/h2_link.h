#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/load/carrier.h"
#include "harness/load/h2_session.h"
#include "harness/load/reactor.h"

namespace faultrig {

class H2Link;

// Whose connections they are.
class H2LinkOwner {
 public:
  virtual ~H2LinkOwner() = default;
  virtual CarrierUser& user() = 0;
  // The link has ended, and all that was asked on it; destroys it.
  virtual void drop(H2Link& link) = 0;
};

// A connection of HTTP/2, and the requests that are on it.
class H2Link final : public ConnectionUser, public H2SessionUser {
 public:
  // Connects at once.
  H2Link(H2LinkOwner& owner, std::uint64_t number);

  // Only while it may take more.
  void ask(RequestRecord record);
  bool may_take_more() const;
  std::uint64_t number() const { return number_; }
  std::vector<OpenConnection> standing() const;
  std::vector<RequestRecord> given_up();

  void connected(int os_errno) override;
  void sent(int os_errno) override;
  void received(std::string_view bytes) override;
  void ended(int os_errno) override;

  void piece_given(int stream) override;
  void field_came(int stream, std::string_view name,
                  std::string_view value) override;
  void body_came(int stream, std::string_view bytes) override;
  void answer_ended(int stream) override;
  void stream_closed(int stream, std::uint32_t code) override;

 private:
  struct Stream {
    RequestRecord record;
    std::uint64_t begin = 0;  // of its bytes on the wire
    std::uint64_t end = 0;    // 0: not given whole
    std::string body;         // of the answer, as much as is wanted of it
    int grpc_status = -1;
  };
  void submit(RequestRecord record);
  void flush();
  void note_places(const H2Bytes& given, std::uint64_t before);
  void note_sent(std::int64_t now);
  void settle();
  void end_all(RequestEnd end, int os_errno);
  RequestEnd end_of_the_broken() const;
  void finish(Stream& stream, RequestEnd end);
  RequestEnd end_of_the_whole(const Stream& stream) const;
  Stream* stream_of(int number);

  H2LinkOwner& owner_;
  std::uint64_t number_;
  std::int64_t connected_ns_ = 0;
  bool asked_before_ = false;
  bool sending_ = false;
  bool flushing_ = false;
  bool came_ = false;                 // a byte
  bool over_ = false;                 // it is about to be dropped
  std::vector<RequestRecord> early_;  // asked before it was connected
  std::map<int, Stream> streams_;
  std::vector<int> given_;           // streams whose last byte is on its way
  std::vector<RequestRecord> done_;  // to be told
  std::shared_ptr<int> here_ = std::make_shared<int>(0);
  H2Session session_;
  std::optional<Connection> connection_;  // the last: it calls the others
};

}  // namespace faultrig
