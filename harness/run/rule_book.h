#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/model/go_stack.h"
#include "harness/model/plan.h"
#include "harness/os/file_names.h"
#include "harness/os/seccomp.h"
#include "harness/run/call_peers.h"

namespace faultrig {

// What each descriptor is that a call works on; any_but_stdio: none of these.
using FdKinds = std::vector<FdKind>;

// Is it on nothing but 0, 1 and 2?
bool is_stdio_alone(const FdKinds& kinds);

// An intercepted call, as far as a rule may ask. Facts that cost a system call
// are fetched when a rule first wants them.
struct CallView {
  std::string call;
  std::function<const FileNames&()> files;
  std::function<FdKinds()> fd_kinds;
  std::function<bool()> fd_table_full;  // is EMFILE the answer it would get?
  std::function<GoStackPtr()> stack;    // who led to it; never null
  std::function<const PeerNames&()> peers;  // where a rule asks for them
};

// A rule that selected a call.
struct Selected {
  std::size_t rule = 0;
  std::int64_t number = 0;  // which of the rule's matches, from 1
};

// The rules of one link with their counters, which run over all threads and
// processes of it. No system calls: tested by hand-made views.
class RuleBook {
 public:
  RuleBook(std::vector<CallRule> rules, std::uint64_t seed);

  // From now on rules of this fault select calls, or do no more.
  void select(FaultId fault, bool active);
  // What its trigger waits for counts from now on; `ends`: what its release
  // waits for.
  void activate_trigger(FaultId fault, bool ends);
  // This rule has had an effect: where it has had the most that it may, it
  // selects no more.
  void note_effect(std::size_t index);
  // One that was noted has come to nothing: of this book's rules.
  void take_back_effect(const CallRule& rule);

  // Counts the call in every rule that names it, and gives those that select
  // it. First ask for triggers: the faults that they start may begin with this
  // very call.
  enum class Which { triggers, others };
  std::vector<Selected> look_up(const CallView& view, Which which);

  // Faults whose rules may or may not select the call, and kNoFault for a rule
  // that watches for an expectation: they ask for a file, a descriptor, a
  // peer or a function that led to it, and which one it is could not be read.
  std::vector<FaultId> doubts(const CallView& view) const;

  // Does a rule ask to whom such calls go?
  bool asks_peer(const std::string& call) const;

  const CallRule& rule(std::size_t index) const { return rules_[index].rule; }

  // The first of them that does something, else that of a fault which waits for
  // the call and leaves it alone, or leads it elsewhere; nothing if they only
  // watch.
  const Selected* acting_of(const std::vector<Selected>& selected) const;

  // A fault that was to lead the call elsewhere, had not this one let it run
  // late, or with a signal.
  std::optional<FaultId> passed_over(const std::vector<Selected>& selected,
                                     const CallRule& acting) const;

  // Faults that lead calls elsewhere, once each.
  std::set<FaultId> leading() const;

  // What the kernel's filter has to do for these rules.
  std::vector<FilterRule> filter_rules() const;

 private:
  struct Counted {
    CallRule rule;
    bool active = false;
    std::int64_t matches = 0;
    std::int64_t effects = 0;
    // What was found of stacks: most calls come the same few ways.
    mutable std::map<std::pair<GoStackPtr, std::string>, std::optional<bool>>
        origins = {};
  };
  static bool names(const Counted& counted, const CallView& view);
  // Nothing: nobody can know.
  static std::optional<bool> fits(const Counted& counted, const CallView& view);
  static std::optional<bool> led_here(const Counted& counted,
                                      const CallView& view);
  bool matches(const Counted& counted, const CallView& view) const;
  bool selects(const Counted& counted, std::size_t index) const;

  std::vector<Counted> rules_;
  std::uint64_t seed_;
};

}  // namespace faultrig
