// Connections of HTTP/1.1: one request at a time on each. Nothing is asked
// twice: a request that was lost on a connection which the server just closed
// is a fact of its own.
#include <deque>
#include <map>
#include <utility>

#include "harness/load/carrier.h"
#include "harness/load/http_link.h"

namespace faultrig {

namespace {

class HttpPool final : public Carrier, public HttpLinkOwner {
 public:
  explicit HttpPool(CarrierUser& user) : user_(user) {}

  void ask(RequestRecord record) override;
  std::vector<RequestRecord> give_up() override;
  std::vector<OpenConnection> connections() const override;

  const CarrierUser& user() const override { return user_; }
  void asked() override { user_.asked(); }
  void finished(HttpLink& link, const RequestRecord& record,
                bool reusable) override;
  void drop(HttpLink& link) override;

 private:
  HttpLink& free_link(bool& reused);

  CarrierUser& user_;
  std::uint64_t made_ = 0;
  std::map<std::uint64_t, std::unique_ptr<HttpLink>> links_;
  std::deque<std::uint64_t> idle_;
};

void HttpPool::ask(RequestRecord record) {
  HttpLink& link = free_link(record.reused);
  link.ask(std::move(record));
}

// One that waits and is not closed yet; else a new one.
HttpLink& HttpPool::free_link(bool& reused) {
  while (!idle_.empty()) {
    std::uint64_t number = idle_.front();
    idle_.pop_front();
    HttpLink& link = *links_.at(number);
    if (!link.is_over()) {
      reused = true;
      return link;
    }
    links_.erase(number);
  }
  std::uint64_t number = ++made_;
  auto link = std::make_unique<HttpLink>(*this, number);
  return *links_.emplace(number, std::move(link)).first->second;
}

void HttpPool::finished(HttpLink& link, const RequestRecord& record,
                        bool reusable) {
  std::unique_ptr<HttpLink> gone;  // the record is its own
  if (reusable) {
    idle_.push_back(link.number());
  } else {
    gone = std::move(links_.extract(link.number()).mapped());
  }
  user_.finished(record);
}

void HttpPool::drop(HttpLink& link) {
  std::uint64_t number = link.number();
  std::erase(idle_, number);
  links_.erase(number);
}

std::vector<RequestRecord> HttpPool::give_up() {
  std::vector<RequestRecord> open;
  for (auto& [number, link] : links_) {
    if (link->busy()) {
      open.push_back(link->given_up());
    }
  }
  idle_.clear();
  links_.clear();
  return open;
}

std::vector<OpenConnection> HttpPool::connections() const {
  std::vector<OpenConnection> all;
  for (const auto& [number, link] : links_) {
    all.push_back(link->standing());
  }
  return all;
}

}  // namespace

std::unique_ptr<Carrier> http_carrier(CarrierUser& user) {
  return std::make_unique<HttpPool>(user);
}

}  // namespace faultrig
