#include "harness/run/run_spans.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "harness/os/living_thread.h"
#include "harness/os/network_space.h"
#include "harness/os/shim_processes.h"
#include "harness/run/variables.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostPlaces = 64;
constexpr std::chrono::seconds kPatience{10};  // with a process of ours

struct Setting {
  std::string_view name;
  std::string_view value;
};
// Beside where to: an exporter of a batch waits for 5 s, if it is not told.
constexpr std::array<Setting, 3> kSettings{
    {{"OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"},
     {"OTEL_TRACES_EXPORTER", "otlp"},
     {"OTEL_BSP_SCHEDULE_DELAY", "100"}}};

// Who is about to end has no network any more: its end is told.
bool is_ending(int pid) {
  auto stat = stat_of(pid);
  return !stat || stat->exiting || !has_living_thread(pid);
}

std::vector<int> numbers_of(const std::vector<Fd>& all) {
  std::vector<int> out;
  out.reserve(all.size());
  for (const Fd& one : all) {
    out.push_back(one.get());
  }
  return out;
}

}  // namespace

RunSpans::~RunSpans() {
  for (const auto& place : places_) {
    loop_.unwatch(place->receiver.fd());
  }
}

Result<> RunSpans::open() {
  if (wanted()) {
    TRY_ASSIGN(port_, listen(observer().port, {}));
  }
  return Ok{};
}

std::vector<std::string> RunSpans::settings(std::vector<std::string> env) {
  if (!wanted()) {
    return env;
  }
  elsewhere_ = kept_back(env, port_);
  if (value_in(env, kSpansEndpoint).empty()) {
    set_in(env, kSpansEndpoint, "http://127.0.0.1:" + std::to_string(port_));
  }
  for (const Setting& setting : kSettings) {
    if (value_in(env, setting.name).empty()) {
      set_in(env, setting.name, setting.value);
    }
  }
  return env;
}

// The port at which a new receiver listens.
Result<int> RunSpans::listen(int port, const std::vector<int>& spaces) {
  TRY_ASSIGN(SpanReceiver receiver, SpanReceiver::start(port, spaces));
  auto until = Loop::Clock::now() + kPatience;
  Place place{std::move(receiver)};
  std::optional<int> at;
  while (!at && !place.receiver.is_over() && await(place, until)) {
    TRY_ASSIGN(std::vector<SpanNews> news, place.receiver.news());
    for (const SpanNews& one : news) {
      if (const auto* failed = std::get_if<SpansMissed>(&one)) {
        return internal_error("cannot receive spans: " + failed->why);
      }
      if (const auto* ready = std::get_if<ReceiverReady>(&one)) {
        at = ready->port;
      }
    }
  }
  if (!at) {
    return internal_error("the receiver of spans does not start");
  }
  places_.push_back(std::make_unique<Place>(std::move(place)));
  Place* kept = places_.back().get();
  loop_.watch(kept->receiver.fd(), POLLIN,
              [this, kept](short) { take_from(*kept); });
  return *at;
}

// Is there news, before that time?
bool RunSpans::await(Place& place, Loop::Clock::time_point until) {
  auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      until - Loop::Clock::now());
  pollfd look{place.receiver.fd(), POLLIN, 0};
  return left.count() > 0 &&
         poll(&look, 1, static_cast<int>(left.count())) == 1;
}

void RunSpans::started(Link link, int pid) {
  if (!wanted()) {
    return;
  }
  link_ = link == Link::go ? Link::test : link;
  auto way = way_to_network(pid);
  if (!way && is_ending(pid)) {
    return;
  }
  if (!way) {
    lose(0, "its network cannot be entered: " + way.error().what, link, pid);
    return;
  }
  bool ours = way->spaces.empty();
  if (ours || !networks_.insert(way->inode).second) {
    return;
  }
  auto listens = places_.size() < kMostPlaces
                     ? listen(port_, numbers_of(way->spaces))
                     : Result<int>(internal_error("there are too many"));
  if (!listens) {
    lose(0, "none is received in its network: " + listens.error().what, link,
         pid);
  }
}

void RunSpans::ended(Link link, const Ended& ended) {
  std::string why = wanted() && link != Link::go ? why_lost(ended) : "";
  if (!why.empty()) {
    lose(0, why, link, ended.pid);
  }
}

void RunSpans::lose(std::size_t count, const std::string& why, Link link,
                    int pid) {
  Observation lost;
  lost.source = Source::go;
  lost.fact = Fact::spans_lost;
  lost.link = link_name(link);
  lost.pid = pid;
  lost.number = static_cast<std::int64_t>(count);
  lost.text = why;
  recorder_.add(std::move(lost));
}

void RunSpans::take_from(Place& place) {
  auto news = place.receiver.news();
  for (const SpanNews& one : news.value_or({})) {
    if (const auto* came = std::get_if<SpansCame>(&one)) {
      take(*came);
    } else if (const auto* missed = std::get_if<SpansMissed>(&one)) {
      lose(missed->count, missed->why, link_);
    } else if (std::holds_alternative<ReceiverDone>(one)) {
      place.done = true;
    }
  }
  if (!news || place.receiver.is_over()) {
    loop_.unwatch(place.receiver.fd());
    if (!std::exchange(place.done, true)) {
      lose(0, "the receiver of spans has died", link_);
    }
  }
}

void RunSpans::take(const SpansCame& came) {
  PlacedSpans placed =
      taken_.take(came, monotonic_ns() - recorder_.now().count());
  for (Observation& seen : placed.spans) {
    seen.at = recorder_.since_launch(seen.at.count());
    seen.link = link_name(link_);
    recorder_.add(std::move(seen));
  }
  if (placed.strange > 0) {
    lose(placed.strange, "they are of another time than this run", link_);
  }
  if (placed.alike > 0) {
    lose(placed.alike, "their ids are those of other spans", link_);
  }
}

void RunSpans::tell() {
  if (!wanted()) {
    return;
  }
  for (const auto& place : places_) {
    loop_.unwatch(place->receiver.fd());
    place->receiver.finish(observer().wait);
  }
  auto until = Loop::Clock::now() + observer().wait + kPatience;
  for (const auto& place : places_) {
    while (!place->done && await(*place, until)) {
      take_from(*place);
    }
    if (!place->done) {
      lose(0, "the receiver of spans does not answer", link_);
    }
  }
  if (!elsewhere_.empty()) {
    lose(0, elsewhere_, link_);
  }
  tell_eaten();
}

void RunSpans::tell_eaten() {
  std::set<std::string> all{why_eaten_unseen(plan_.launch)};
  for (const Observation& seen : recorder_.so_far()) {
    all.insert(why_eaten(seen, plan_.launch, port_));
  }
  all.erase("");
  for (const std::string& why : all) {
    lose(0, why, link_);
  }
}

}  // namespace faultrig
