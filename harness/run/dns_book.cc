// That a name was asked for is seen in the question itself. What is to become
// of it is decided when it comes, and told when it has come to be: an answer
// that waits behind a fault of another kind has reached nobody.
#include "harness/run/dns_book.h"

#include <algorithm>
#include <utility>

#include "harness/base/units.h"
#include "harness/model/dependency.h"
#include "harness/run/dns_message.h"
#include "harness/run/fault_effect.h"

namespace faultrig {

namespace {

std::string fate_text(const DnsFault& fault, const DnsQuestion& question) {
  switch (fault.answer) {
    case DnsAnswer::none:
      return "was not answered";
    case DnsAnswer::late:
      return "was held back for " + format_duration(fault.late);
    case DnsAnswer::address:
      return is_answered_with_address(question, fault)
                 ? "was answered with an address"
                 : "was answered with no address of its family";
    default:
      return "was answered with " + std::string(dns_answer_name(fault.answer));
  }
}

}  // namespace

DnsBook::DnsBook(std::vector<DnsFault> all, Link link, Record record)
    : link_(link), record_(std::move(record)) {
  for (DnsFault& one : all) {
    bool active = one.active_from_start;
    all_.push_back({std::move(one), active});
  }
}

std::optional<FaultId> DnsBook::at(const std::string& address) const {
  auto found = std::find_if(all_.begin(), all_.end(), [&](const Counted& one) {
    return is_among(one.fault.peers, address);
  });
  return found == all_.end() ? std::nullopt : std::optional(found->fault.fault);
}

void DnsBook::select(FaultId fault, bool active) {
  for (Counted& one : all_) {
    if (one.fault.fault != fault) {
      continue;
    }
    one.active = active;
    if (!active) {
      tell_held(one, "until the fault ended");
    }
  }
}

void DnsBook::last_look() {
  for (Counted& one : all_) {
    tell_held(one, "until the workload ended");
  }
}

void DnsBook::tell_held(Counted& one, const std::string& until) const {
  for (const auto& held : std::exchange(one.held, {})) {
    auto effect = held.lock();
    if (effect && !effect->told) {
      effect->what.text = effect->so_far + " " + until;
      tell(*effect);
    }
  }
}

void DnsBook::tell(DnsEffect& effect) const {
  if (!std::exchange(effect.told, true)) {
    record_(effect.what);
  }
}

void DnsBook::done(const DnsFate& fate) const {
  if (fate.effect) {
    tell(*fate.effect);
  }
}

void DnsBook::doubt(const DnsAsker& asker, const std::string& what,
                    const std::string& why) const {
  Observation doubt =
      fault_effect(at(asker.to).value_or(any()), link_, asker.pid, why);
  doubt.fact = Fact::path_unread;
  doubt.call = what;
  record_(std::move(doubt));
}

std::optional<std::size_t> DnsBook::next(const DnsQuestion& question,
                                         const DnsAsker& asker) const {
  auto meets = [&](const Counted& one) {
    auto may = [&](std::int64_t most) {
      return most == 0 || one.questions < most;
    };
    return one.active && may(one.fault.first) && may(one.fault.most) &&
           is_among(one.fault.peers, asker.to) &&
           one.fault.is_about(question, asker.stream);
  };
  auto found = std::find_if(all_.begin(), all_.end(), meets);
  return found == all_.end() ? std::nullopt
                             : std::optional<std::size_t>(found - all_.begin());
}

// Who waits for another name learns which ones came.
void DnsBook::tell_others(const DnsQuestion& question, const DnsAsker& asker) {
  constexpr std::size_t kMostOthers = 20;
  for (Counted& one : all_) {
    bool other = one.active && is_among(one.fault.peers, asker.to) &&
                 !one.fault.is_about(question, asker.stream);
    if (!other || one.others.size() >= kMostOthers ||
        !one.others.insert(question.text()).second) {
      continue;
    }
    Observation told =
        fault_effect(one.fault.fault, link_, asker.pid, question.text());
    told.fact = Fact::name_asked;
    record_(std::move(told));
  }
}

DnsFate DnsBook::meet(std::string_view message, const DnsAsker& asker) {
  auto question = dns_question(message);
  if (!question) {
    return {};
  }
  tell_others(*question, asker);
  auto index = next(*question, asker);
  if (!index) {
    return {};
  }
  const DnsFault& fault = all_[*index].fault;
  DnsFate fate;
  fate.answer = dns_reply(message, *question, fault);
  fate.late = fault.late;
  fate.what = !fate.answer.empty()              ? DnsFate::What::answered
              : fault.answer == DnsAnswer::late ? DnsFate::What::passed
                                                : DnsFate::What::dropped;
  ++all_[*index].questions;
  std::string what = "the question " + question->text() + " to " + asker.to +
                     " " + (asker.stream ? "over TCP " : "");
  fate.effect = std::make_shared<DnsEffect>();
  fate.effect->what = fault_effect(fault.fault, link_, asker.pid,
                                   what + fate_text(fault, *question));
  if (fault.answer == DnsAnswer::late) {
    fate.effect->so_far = what + "was held back";
    auto& held = all_[*index].held;
    std::erase_if(held, [](const auto& one) { return one.expired(); });
    held.push_back(fate.effect);
  }
  return fate;
}

std::optional<FaultId> DnsBook::would_meet(std::string_view message,
                                           const DnsAsker& asker) const {
  auto question = dns_question(message);
  auto index = question ? next(*question, asker) : std::nullopt;
  return index ? std::optional(all_[*index].fault.fault) : std::nullopt;
}

}  // namespace faultrig
