#include "harness/run/driver_facts.h"

#include <algorithm>
#include <variant>

#include "harness/base/text.h"
#include "harness/model/link.h"

namespace faultrig {

namespace {

using Facts = std::vector<Observation>;

Observation about(Fact fact) {
  Observation out;
  out.fact = fact;
  out.link = link_name(Link::service);
  return out;
}

struct Teller {
  bool stopping;
  const Recorder& recorder;

  template <typename Other>
  Facts operator()(const Other&) const {
    return {};
  }

  Facts operator()(const ServiceListens& news) const {
    Observation listens = about(Fact::listens_at);
    listens.at = recorder.since_launch(news.at_ns);
    listens.text = join(news.addresses, ", ");
    listens.number = news.at_ns - news.before_ns;
    return stopping ? Facts{std::move(listens)} : Facts();
  }

  Facts operator()(const ServiceHealth& news) const {
    Observation health = about(Fact::health);
    health.at = recorder.since_launch(news.at_ns);
    health.number = news.status;
    health.error = news.os_errno;
    return {std::move(health)};
  }

  Facts operator()(const WriteLost& news) const {
    Observation lost = about(Fact::write_lost);
    lost.number = static_cast<std::int64_t>(news.n);
    lost.text = news.why;
    return {std::move(lost)};
  }

  Facts operator()(const SeekDone& news) const {
    Observation found = about(Fact::write_found);
    found.number = static_cast<std::int64_t>(news.found);
    return {std::move(found)};
  }

  Facts operator()(const LoadDone& news) const {
    Facts facts;
    for (const LoadTally& tally : news.loads) {
      Observation ended = about(Fact::load_ended);
      ended.stream = tally.load;
      ended.number = static_cast<std::int64_t>(
          std::max(tally.planned, tally.sent + tally.never_sent));
      facts.push_back(std::move(ended));
      if (tally.never_sent > 0) {
        Observation unsent = about(Fact::requests_untold);
        unsent.stream = tally.load;
        unsent.action = kNeverSent;
        unsent.number = static_cast<std::int64_t>(tally.never_sent);
        facts.push_back(std::move(unsent));
      }
    }
    return facts;
  }
};

}  // namespace

std::vector<Observation> facts_of(const DriverNews& news, bool stopping,
                                  const Recorder& recorder) {
  return std::visit(Teller{stopping, recorder}, news);
}

Observation driver_lost(const std::string& why) {
  Observation lost = about(Fact::supervision_lost);
  lost.text = why;
  return lost;
}

}  // namespace faultrig
