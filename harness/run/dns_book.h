#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/dns_fault.h"
#include "harness/model/observation.h"

namespace faultrig {

// Who asks, and how.
struct DnsAsker {
  std::string to;  // the address of its resolver
  int pid = 0;
  bool stream = false;
};

// What becomes of a question.
struct DnsFate {
  enum class What {
    passed,    // it goes on to the resolver, `late` from now
    answered,  // `answer` goes back in its place
    dropped,
  } what = What::passed;
  std::string answer = {};
  std::chrono::nanoseconds late{0};
};

// The faults of one link's names: which are active, and which questions have
// met them. Each question counts, one that is asked again too.
class DnsBook {
 public:
  using Record = std::function<void(Observation)>;
  DnsBook(std::vector<DnsFault> all, Link link, Record record);

  // The first fault that is about resolvers at this address.
  std::optional<FaultId> at(const std::string& address) const;
  // Any fault: what is about no address is about all of them.
  FaultId any() const { return all_.front().fault.fault; }
  bool empty() const { return all_.empty(); }
  // From now on questions meet this fault, or do no more.
  void select(FaultId fault, bool active);

  // Decides, and tells what took effect.
  DnsFate meet(std::string_view message, const DnsAsker& asker);
  // The fault that it would meet; nothing is told.
  std::optional<FaultId> would_meet(std::string_view message,
                                    const DnsAsker& asker) const;

 private:
  struct Counted {
    DnsFault fault;
    bool active = false;
    std::int64_t questions = 0;
    std::set<std::string> others = {};  // that it was not about
  };
  std::optional<std::size_t> next(const DnsQuestion& question,
                                  const DnsAsker& asker) const;
  void tell_others(const DnsQuestion& question, const DnsAsker& asker);

  std::vector<Counted> all_;
  Link link_;
  Record record_;
};

}  // namespace faultrig
