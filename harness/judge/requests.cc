// What became of the requests of a load. Only what the service had read when it
// was told to stop must be answered: what lay in the backlog, unread or half
// sent is told by its place, and refuses nobody an answer who had one coming.
#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/judge/expectations.h"
#include "harness/judge/finding.h"
#include "harness/judge/service_facts.h"
#include "harness/model/request.h"

namespace faultrig {

namespace {

// A count that may be asked for, and the ends that it counts.
struct Counter {
  std::string_view key;
  std::string_view summary;
  std::initializer_list<std::string_view> ends;
};

const std::array<Counter, 6>& counters() {
  static const std::array<Counter, 6> kCounters{{
      {"answered",
       "answered whole, as asked",
       {word_for(RequestEnd::answered)}},
      {"wrong",
       "answered whole, and not as asked, or in another protocol",
       {word_for(RequestEnd::wrong)}},
      {"cut",
       "the connection ended before the answer was whole",
       {word_for(RequestEnd::cut), word_for(RequestEnd::reset),
        word_for(RequestEnd::unsent)}},
      {"refused",
       "no connection was made, or the service said that it had not begun",
       {word_for(RequestEnd::refused)}},
      {"timed_out",
       "still not ended when we stopped waiting",
       {word_for(RequestEnd::timed_out)}},
      {"never_sent",
       "due by the rate, and not sent: no connection was free",
       {kNeverSent, word_for(RequestEnd::own_limit)}},
  }};
  return kCounters;
}

const Section& section() {
  static const Section kSection = [] {
    Section out{.name = "requests",
                .summary = "what became of the requests of a load",
                .needs_any = true};
    out.fields.push_back({.key = "of",
                          .kind = Kind::text,
                          .summary = "the name of the load; absent: of all"});
    out.fields.push_back(
        {.key = "sent",
         .kind = Kind::choice,
         .summary = "only those sent before, or after, the first signal that "
                    "was to stop the service",
         .choices = {"before", "after"}});
    out.fields.push_back(
        {.key = "in_flight",
         .kind = Kind::choice,
         .summary = "answered: each request that the service had read when it "
                    "was told to stop was answered whole, as asked, and as "
                    "those before",
         .choices = {"answered"}});
    out.fields.push_back(
        {.key = "longest",
         .kind = Kind::duration,
         .summary = "none took longer, from when it was due to its end"});
    for (const Counter& counter : counters()) {
      out.fields.push_back({.key = counter.key,
                            .kind = Kind::count,
                            .summary = counter.summary});
    }
    return out;
  }();
  return kSection;
}

// Is it about these requests?
bool is_of(const Observation& seen, const Params& params) {
  const auto* of = params.find<std::string>("of");
  const auto* sent = params.find<std::string>("sent");
  bool after = seen.text == kPlaceAfter;
  return (of == nullptr || *of == seen.stream) &&
         (sent == nullptr || (*sent == "after") == after);
}

bool is_selected(const Observation& seen, const Params& params) {
  return is_request(seen) && is_of(seen, params);
}

Counted count(const Evidence& evidence, const Params& params,
              const Counter& counter) {
  Counted counted;
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    if (is_selected(seen, params) &&
        std::find(counter.ends.begin(), counter.ends.end(), seen.action) !=
            counter.ends.end()) {
      counted.times += requests_told(seen);
      counted.cites.push_back(i);
    }
  }
  return counted;
}

std::int64_t selected(const Evidence& evidence, const Params& params) {
  std::int64_t times = 0;
  for (const Observation& seen : evidence.trace()) {
    times += is_selected(seen, params) ? requests_told(seen) : 0;
  }
  return times;
}

// The first count that does not hold, or that all do.
Finding check_counts(const Params& params, const Evidence& evidence) {
  Finding finding = answer(true, "", evidence);
  for (const Counter& counter : counters()) {
    const auto* wanted = params.find<NumberTest>(std::string(counter.key));
    if (wanted == nullptr) {
      continue;
    }
    Counted counted = count(evidence, params, counter);
    std::string what = std::to_string(counted.times) + " of " +
                       std::to_string(selected(evidence, params)) +
                       " requests, where " + wanted->text() +
                       " was expected: " + std::string(counter.summary);
    Finding one = answer_count(*wanted, what, evidence, std::move(counted));
    if (finding.verdict == Verdict::pass) {
      finding = std::move(one);
    }
  }
  return finding;
}

// Where those were that had not been read whole: `2 half sent, 1 in the
// backlog`.
std::string others_in_flight(const Evidence& evidence, const Params& params) {
  static const std::array<std::pair<InFlight, std::string>, 4> kPlaces{
      {{InFlight::partly_read, "read in part"},
       {InFlight::sent_unread, "sent and unread"},
       {InFlight::half_sent, "half sent"},
       {InFlight::backlog, "in the backlog"}}};
  std::vector<std::string> parts;
  for (const auto& [where, words] : kPlaces) {
    std::int64_t times = 0;
    for (const Observation& seen : evidence.trace()) {
      bool counts = is_selected(seen, params) && seen.text == word_for(where);
      times += counts ? requests_told(seen) : 0;
    }
    if (times > 0) {
      parts.push_back(std::to_string(times) + " " + words);
    }
  }
  return join(parts, ", ");
}

Finding none_was_read(const Evidence& evidence, const Params& params) {
  std::string others = others_in_flight(evidence, params);
  return cannot_tell(others.empty()
                         ? "no request was in flight when it was told to stop"
                         : "it had read no request whole when it was told to "
                           "stop: " +
                               others);
}

Finding check_in_flight(const Params& params, const Evidence& evidence) {
  std::vector<std::size_t> read;
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    if (is_selected(seen, params) && had_been_read(seen)) {
      read.push_back(i);
    }
  }
  auto without_others = [&](std::vector<std::size_t> found) {
    std::erase_if(found, [&](std::size_t i) {
      return !is_selected(evidence.trace()[i], params);
    });
    return found;
  };
  auto lost = without_others(lost_requests(evidence));
  auto doubts = without_others(doubtful_requests(evidence));
  if (!lost.empty()) {
    return answer(false, "a request that it had read was never answered whole",
                  evidence, lost);
  }
  if (auto other = without_others(misanswered_requests(evidence));
      !other.empty()) {
    return answer(
        false,
        "a request that it had read was answered otherwise than those "
        "before",
        evidence, other);
  }
  auto wrong = read;
  std::erase_if(wrong, [&](std::size_t i) {
    return evidence.trace()[i].action != word_for(RequestEnd::wrong);
  });
  if (!wrong.empty()) {
    return answer(false, "a request that it had read was not answered as asked",
                  evidence, wrong);
  }
  if (!doubts.empty()) {
    return cannot_tell(
        "whether these had been read, and were answered whole: " +
            cite_all(evidence, doubts),
        doubts);
  }
  return read.empty() ? none_was_read(evidence, params)
                      : answer(true, "", evidence, read);
}

// One that was still not ended took at least so long.
Finding check_longest(const Params& params, const Evidence& evidence) {
  auto most = params.get_or("longest", std::chrono::nanoseconds(0));
  std::vector<std::size_t> told;
  std::optional<std::size_t> longest;
  bool open = false;
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    if (seen.fact == Fact::longest_request && is_of(seen, params)) {
      told.push_back(i);
      open = open || seen.action == word_for(RequestEnd::timed_out);
      longest = !longest || seen.number > evidence.trace()[*longest].number
                    ? i
                    : *longest;
    }
  }
  if (!longest) {
    return cannot_tell("no request of these was seen to end");
  }
  std::chrono::nanoseconds took(evidence.trace()[*longest].number);
  if (open && took <= most) {
    return cannot_tell("how long those took that had not ended", told);
  }
  return answer(took <= most, "the longest took " + format_elapsed(took),
                evidence, {*longest});
}

// Of none nothing holds, and nothing fails.
Finding check_any(const Params& params, const Evidence& evidence) {
  auto trace = evidence.trace();
  bool any = std::any_of(trace.begin(), trace.end(), [&](const auto& seen) {
    return is_selected(seen, params) && seen.action != kNeverSent;
  });
  bool of_others = params.has("never_sent") || params.has("longest");
  return any || of_others ? check_counts(params, evidence)
                          : cannot_tell("no such request was sent");
}

Finding check(const Params& params, const Evidence& evidence) {
  Finding finding = check_any(params, evidence);
  if (params.has("longest") && finding.verdict == Verdict::pass) {
    finding = check_longest(params, evidence);
  }
  if (params.has("in_flight") && finding.verdict == Verdict::pass) {
    finding = check_in_flight(params, evidence);
  }
  const auto* of = params.find<std::string>("of");
  finding.expected =
      "what became of the requests" + (of == nullptr ? "" : " of " + *of);
  return finding;
}

}  // namespace

const ExpectationType& requests_expectation() {
  static const ExpectationType kType{&section(), check};
  return kType;
}

}  // namespace faultrig
