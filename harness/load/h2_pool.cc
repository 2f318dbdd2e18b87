// Connections of HTTP/2: many requests at once on each. One that is going away
// takes no more, and a new one is made (RFC 9113, section 6.8).
#include <map>
#include <utility>

#include "harness/load/carrier.h"
#include "harness/load/h2_link.h"

namespace faultrig {

namespace {

class H2Pool final : public Carrier, public H2LinkOwner {
 public:
  explicit H2Pool(CarrierUser& user) : user_(user) {}

  void ask(RequestRecord record) override;
  std::vector<RequestRecord> give_up() override;
  std::vector<OpenConnection> connections() const override;

  CarrierUser& user() override { return user_; }
  void drop(H2Link& link) override { links_.erase(link.number()); }

 private:
  CarrierUser& user_;
  std::uint64_t made_ = 0;
  std::map<std::uint64_t, std::unique_ptr<H2Link>> links_;
};

// What is opened to stay open has a connection each, and so has each request
// where nothing is to be kept alive.
void H2Pool::ask(RequestRecord record) {
  const Load& load = user_.load();
  for (auto& [number, link] : links_) {
    if (load.keep_alive && link->may_take_more()) {
      link->ask(std::move(record));
      return;
    }
  }
  std::uint64_t number = ++made_;
  auto made = std::make_unique<H2Link>(*this, number);
  links_.emplace(number, std::move(made)).first->second->ask(std::move(record));
}

std::vector<RequestRecord> H2Pool::give_up() {
  std::vector<RequestRecord> open;
  for (auto& [number, link] : links_) {
    auto more = link->given_up();
    open.insert(open.end(), more.begin(), more.end());
  }
  links_.clear();
  return open;
}

std::vector<OpenConnection> H2Pool::connections() const {
  std::vector<OpenConnection> all;
  for (const auto& [number, link] : links_) {
    auto more = link->standing();
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

}  // namespace

std::unique_ptr<Carrier> h2_carrier(CarrierUser& user) {
  return std::make_unique<H2Pool>(user);
}

}  // namespace faultrig
