// How a service ended, and whether that was a graceful shutdown. The wait
// status cannot tell: one server ends by SIGTERM after a full shutdown, for it
// sends the signal to itself again, another because it never handled it. The
// first calls kill(2) or, by raise(3), tgkill(2); so does the runtime of a Go
// program that handles nothing, and there the call's stack says so, and that of
// Node.js, whose program still listens then.
#include <algorithm>
#include <array>

#include "harness/base/names.h"
#include "harness/judge/expectations.h"
#include "harness/judge/link_end.h"
#include "harness/judge/link_text.h"
#include "harness/judge/service_facts.h"

namespace faultrig {

namespace {

const Section& section() {
  static const Section kSection = [] {
    Section out = link_section("service", "how the service ended");
    out.exactly_one_of = {
        {"exited", "killed_by", "shell", "ended", "graceful"}};
    out.fields.push_back(
        {.key = "graceful",
         .kind = Kind::choice,
         .summary = "it handled the signal that was to stop it, answered what "
                    "it had read, and ended by itself: zero, with 0; signal, "
                    "with 128 and the number of the signal, or by sending the "
                    "signal to itself once it listens no more; any, in either "
                    "way",
         .choices = {"any", "zero", "signal"}});
    return out;
  }();
  return kSection;
}

// Why this end is no graceful one; empty: it is.
std::string why_not_graceful(const ServiceEnd& end, const std::string& policy) {
  bool zero = policy != "signal";
  bool signal = policy != "zero";
  switch (end.how) {
    case ServiceEnd::How::exited:
      if ((zero && end.code == 0) || (signal && end.code == 128 + end.signal)) {
        return "";
      }
      return "it exited " + std::to_string(end.code);
    case ServiceEnd::How::by_own_hand:
      return signal ? "" : "it sent " + signal_name(end.signal) + " to itself";
    case ServiceEnd::How::raised:
      return "it sent " + signal_name(end.signal) +
             " to itself without a shutdown: it still listened, or never had";
    case ServiceEnd::How::by_own_process:
      return "another of its processes sent " + signal_name(end.signal) +
             " to it";
    case ServiceEnd::How::unhandled:
      return "it did not handle " + signal_name(end.signal);
    case ServiceEnd::How::hung:
      return "it had not ended when its grace was over, and we killed it";
    case ServiceEnd::How::other:
      break;
  }
  return end.words;
}

Finding check_graceful(const std::string& policy, const Evidence& evidence) {
  Finding finding;
  std::optional<ServiceEnd> end = service_end(evidence);
  if (!end) {
    finding = answer(false, "the service was never told to stop", evidence);
  } else if (std::string why = why_not_graceful(*end, policy); !why.empty()) {
    finding = answer(false, why, evidence, end->cites);
  } else if (auto lost = lost_requests(evidence); !lost.empty()) {
    finding = answer(false,
                     "it ended, and a request that it had read was never "
                     "answered",
                     evidence, lost);
  } else if (auto other = misanswered_requests(evidence); !other.empty()) {
    finding = answer(false,
                     "it ended, and a request that it had read was answered "
                     "otherwise than those before",
                     evidence, other);
  } else if (auto doubts = doubtful_requests(evidence); !doubts.empty()) {
    finding = cannot_tell(
        "whether each request that it had read was answered whole: " +
            cite_all(evidence, doubts),
        doubts);
  } else {
    finding = answer(true, "", evidence, end->cites);
  }
  finding.expected = "service stopped gracefully (" + policy + ")";
  return finding;
}

Finding check(const Params& params, const Evidence& evidence) {
  const auto* policy = params.find<std::string>("graceful");
  return policy == nullptr ? check_link(Link::service, params, evidence)
                           : check_graceful(*policy, evidence);
}

}  // namespace

const ExpectationType& service_expectation() {
  static const ExpectationType kType{&section(), check};
  return kType;
}

}  // namespace faultrig
