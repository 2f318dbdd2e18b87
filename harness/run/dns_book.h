#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
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

// What a fault is about to do to a question. It is told when it has been done.
struct DnsEffect {
  Observation what;
  std::string so_far = {};  // where it is held back for a time: that it is
  bool told = false;
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
  std::shared_ptr<DnsEffect> effect = {};  // none: no fault meets it
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
  // From now on questions meet this fault, or do no more. Questions that it
  // holds back when it ends, or to the end of the workload, have met it.
  void select(FaultId fault, bool active);
  void last_look();

  // Decides.
  DnsFate meet(std::string_view message, const DnsAsker& asker);
  // That has been done: its effect took place. Once for each.
  void done(const DnsFate& fate) const;
  // Something that was asked may have been meant by a fault, and nobody can
  // tell: why. `what` it was: `sendto`.
  void doubt(const DnsAsker& asker, const std::string& what,
             const std::string& why) const;
  // The fault that it would meet; nothing is told.
  std::optional<FaultId> would_meet(std::string_view message,
                                    const DnsAsker& asker) const;

 private:
  struct Counted {
    DnsFault fault;
    bool active = false;
    std::int64_t questions = 0;
    std::set<std::string> others = {};                // that it was not about
    std::vector<std::weak_ptr<DnsEffect>> held = {};  // back for a time
  };
  std::optional<std::size_t> next(const DnsQuestion& question,
                                  const DnsAsker& asker) const;
  void tell_others(const DnsQuestion& question, const DnsAsker& asker);
  void tell(DnsEffect& effect) const;
  void tell_held(Counted& one, const std::string& until) const;

  std::vector<Counted> all_;
  Link link_;
  Record record_;
};

}  // namespace faultrig
