#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "harness/load/carrier.h"
#include "harness/load/http_messages.h"
#include "harness/load/reactor.h"
#include "harness/load/whereabouts.h"
#include "harness/model/request.h"
#include "harness/model/service.h"

namespace faultrig {

class HttpLink;

// Whose connections they are.
class HttpLinkOwner {
 public:
  virtual ~HttpLinkOwner() = default;
  virtual const CarrierUser& user() const = 0;
  // A request is about to be sent.
  virtual void asked() = 0;
  // A request has ended; may destroy the link, or ask on it again where it is
  // reusable.
  virtual void finished(HttpLink& link, const RequestRecord& record,
                        bool reusable) = 0;
  // The link has ended while nothing was asked on it; destroys it.
  virtual void drop(HttpLink& link) = 0;
};

// A connection, and the request that it is at.
class HttpLink final : public ConnectionUser {
 public:
  HttpLink(HttpLinkOwner& owner, std::uint64_t number)
      : owner_(owner), number_(number) {}

  // Not while it is busy. Connects first where it is new.
  void ask(RequestRecord record);
  bool busy() const { return busy_; }
  bool is_over() const { return connection_->is_over(); }
  std::uint64_t number() const { return number_; }
  OpenConnection standing() const;
  RequestRecord given_up();

  void connected(int os_errno) override;
  void sent(int os_errno) override;
  void received(std::string_view bytes) override;
  void ended(int os_errno) override;

 private:
  const CarrierUser& user() const { return owner_.user(); }
  void write();
  void put();
  void finish(RequestEnd end, int os_errno);
  RequestEnd end_of_the_broken() const;
  bool is_delivered() const { return connection_->taken() >= all_sent_; }

  HttpLinkOwner& owner_;
  std::uint64_t number_;
  bool busy_ = false;
  std::int64_t connected_ns_ = 0;
  std::uint64_t all_sent_ = 0;  // bytes of the wire, to the request's last
  std::uint64_t before_ = 0;    // of them, those before its first
  int write_errno_ = 0;
  RequestRecord record_;
  std::deque<std::string> pieces_;  // that are not sent yet
  // What a timer asks whether we are still there.
  std::shared_ptr<std::uint64_t> here_ = std::make_shared<std::uint64_t>(0);
  Reply reply_;
  std::optional<Connection> connection_;  // the last: it calls the others
};

}  // namespace faultrig
