// A program says when its spans were by its wall clock; the receiver notes both
// clocks of the instant at which they came, so that a step of the wall clock
// moves only what was before it and came behind it.
#include "harness/run/run_spans.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "harness/base/names.h"
#include "harness/base/wait_status.h"
#include "harness/os/living_thread.h"
#include "harness/os/network_space.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostPlaces = 64;
constexpr std::chrono::seconds kPatience{10};  // with a process of ours
// A span may seem to be so much before the run, or after it came.
constexpr std::chrono::milliseconds kAmiss{100};

struct Setting {
  std::string_view name;
  std::string_view value;
};
// Beside where to: an exporter of a batch waits for 5 s, if it is not told.
constexpr std::array<Setting, 3> kSettings{
    {{"OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"},
     {"OTEL_TRACES_EXPORTER", "otlp"},
     {"OTEL_BSP_SCHEDULE_DELAY", "100"}}};
constexpr std::string_view kEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

// The value; one that is empty counts as none (specification of OpenTelemetry,
// "Environment Variable").
std::string_view value_in(const std::vector<std::string>& env,
                          std::string_view name) {
  std::string_view value;
  for (std::string_view entry : env) {
    if (entry.starts_with(name) && entry.substr(name.size()).starts_with('=')) {
      value = entry.substr(name.size() + 1);
    }
  }
  return value;
}

void set(std::vector<std::string>& env, std::string_view name,
         const std::string& value) {
  std::string head = std::string(name) + "=";
  std::erase_if(env, [&](const auto& one) { return one.starts_with(head); });
  env.push_back(head + value);
}

// By what the workload's own environment keeps its spans from us; empty: by
// nothing.
std::string kept_back(const std::vector<std::string>& env) {
  for (std::string_view name :
       {kEndpoint, std::string_view("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")}) {
    if (!value_in(env, name).empty()) {
      return std::string(name) + " is set already, to " +
             std::string(value_in(env, name));
    }
  }
  std::string_view exporter = value_in(env, "OTEL_TRACES_EXPORTER");
  if (!exporter.empty() && exporter != "otlp") {
    return "OTEL_TRACES_EXPORTER is set already, to " + std::string(exporter);
  }
  return value_in(env, "OTEL_SDK_DISABLED") == "true"
             ? "OTEL_SDK_DISABLED is set"
             : "";
}

// Why this end may have taken spans along; empty: it ended in order.
std::string why_lost(const Ended& ended) {
  WaitStatus status(ended.status);
  if (status.killed()) {
    return signal_name(status.signal()) +
           " ends it with what its exporter still held";
  }
  bool in_order =
      status.exit_code() == 0 || (ended.listened && !ended.last_word.empty());
  return in_order ? ""
                  : "it exited " + std::to_string(status.exit_code()) +
                        ", and may have taken along what its exporter held";
}

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
    TRY_ASSIGN(port_, listen(observer_->port, {}));
  }
  return Ok{};
}

std::vector<std::string> RunSpans::settings(std::vector<std::string> env) {
  if (!wanted()) {
    return env;
  }
  elsewhere_ = kept_back(env);
  if (value_in(env, kEndpoint).empty()) {
    set(env, kEndpoint, "http://127.0.0.1:" + std::to_string(port_));
  }
  for (const Setting& setting : kSettings) {
    if (value_in(env, setting.name).empty()) {
      set(env, setting.name, std::string(setting.value));
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
  auto network = network_space_of(pid);
  auto spaces = network ? spaces_to_network(pid)
                        : Result<std::vector<Fd>>(network.error());
  if (!spaces) {
    if (is_ending(pid)) {
      return;
    }
    lose(0, "its network cannot be entered: " + spaces.error().what, link, pid);
    return;
  }
  bool ours = spaces->empty();
  if (ours || !networks_.insert(network->inode).second) {
    return;
  }
  auto listens = places_.size() < kMostPlaces
                     ? listen(port_, numbers_of(*spaces))
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
  std::int64_t amiss = std::chrono::nanoseconds(kAmiss).count();
  std::int64_t launched = monotonic_ns() - recorder_.now().count();
  std::size_t strange = 0;
  for (const Span& span : came.spans) {
    // Where it would be if its clock were ours; neither is below 0.
    std::int64_t end = came.monotonic_ns - (came.wall_ns - span.end_ns);
    std::int64_t took = span.end_ns - span.start_ns;
    if (end > came.monotonic_ns + amiss || end - took < launched - amiss) {
      ++strange;
      continue;
    }
    Observation seen;
    seen.source = Source::go;
    seen.fact = Fact::span;
    seen.at = recorder_.since_launch(end);
    seen.link = link_name(link_);
    seen.pid = span.pid;
    seen.number = took;
    seen.text = span.name;
    seen.stream = span.service;
    seen.action = span_status_name(span.status);
    seen.names = {span.trace, span.id,      span.parent,
                  span.kind,  span.message, span.error};
    recorder_.add(std::move(seen));
  }
  if (strange > 0) {
    lose(strange, "they are of another time than this run", link_);
  }
}

void RunSpans::tell() {
  if (!wanted()) {
    return;
  }
  for (const auto& place : places_) {
    loop_.unwatch(place->receiver.fd());
    place->receiver.finish(observer_->wait);
  }
  auto until = Loop::Clock::now() + observer_->wait + kPatience;
  for (const auto& place : places_) {
    while (!place->done && await(*place, until)) {
      take_from(*place);
    }
    if (!place->done) {
      lose(0, "the receiver of spans does not answer", link_);
    }
  }
  if (!elsewhere_.empty()) {
    lose(0, "they go elsewhere: " + elsewhere_, link_);
  }
}

}  // namespace faultrig
