#include "harness/report/floors_report.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/base/columns.h"
#include "harness/base/text.h"
#include "harness/base/typed_word.h"
#include "harness/base/units.h"

namespace faultrig {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kHead = 11;
constexpr std::size_t kValue = 12;

std::string below_text(const Floor& floor) {
  if (!floor.trouble.empty()) {
    return "nobody can tell: " + floor.trouble;
  }
  if (!floor.below) {
    return floor.because;
  }
  return fmt::format(
      "with {} {} ({} of {}): {}", floor.limit->text(*floor.below),
      outcome_name(floor.outcome), floor.fails, floor.fails, floor.because);
}

// What passes only at times has no floor, but a region.
std::string floor_lines(const Floor& floor) {
  std::string value = !floor.trouble.empty() ? "?"
                      : floor.flaky          ? "flaky"
                                             : floor.limit->text(floor.value);
  std::string out =
      wrapped(padded(floor.limit->name, kHead) + padded(value, kValue),
              for_one_line(below_text(floor)), kHead + kValue);
  if (floor.flaky) {
    out += wrapped(
        std::string(kHead + kValue, ' '),
        fmt::format("it passed at times from {} on, and failed at times up to "
                    "{}; with {} it passed {} of {}",
                    floor.limit->text(floor.flaky->passed),
                    floor.limit->text(floor.flaky->failed),
                    floor.limit->text(floor.value), floor.passes, floor.passes),
        kHead + kValue);
  }
  return out;
}

std::string guard_lines(const FloorMap& map) {
  if (map.guard_tries == 0) {
    return "";
  }
  std::vector<std::string> limits;
  for (const Floor& floor : map.floors) {
    limits.push_back(std::string(floor.limit->name) + " " +
                     floor.limit->text(floor.guarded()));
  }
  std::string what =
      fmt::format("with {} together it passed {} of {} times{}",
                  join(limits, ", "), map.guard_passes, map.guard_tries,
                  map.is_guarded() ? "" : ": " + map.guard_because);
  std::string out = wrapped(padded("guard", kHead), for_one_line(what), kHead);
  return map.written.empty() ? out
                             : out + std::string(kHead, ' ') + "faultrig run " +
                                   typed_word(map.written) + "\n";
}

Json floor_json(const Floor& floor) {
  Json json{{"limit", floor.limit->name}, {"unit", floor.limit->unit}};
  bool known = floor.trouble.empty();
  json["floor"] = known ? Json(floor.value) : Json();
  json["below"] = known && floor.below ? Json(*floor.below) : Json();
  json["passes"] = floor.passes;
  json["fails"] = floor.fails;
  json["tries"] = floor.tries;
  json["outcome"] = outcome_name(floor.outcome);
  json["because"] = valid_utf8(floor.because);
  json["flaky"] = floor.flaky ? Json{{"passed", floor.flaky->passed},
                                     {"failed", floor.flaky->failed}}
                              : Json();
  json["guard"] = known ? Json(floor.guarded()) : Json();
  json["trouble"] = valid_utf8(floor.trouble);
  return json;
}

}  // namespace

std::string floors_text(const FloorMap& map) {
  std::string out = wrapped(padded("floors of", kHead), map.what, kHead);
  if (!map.trouble.empty()) {
    return out +
           wrapped(padded("cannot", kHead), for_one_line(map.trouble), kHead);
  }
  int tries = 0;
  for (const Floor& floor : map.floors) {
    tries += floor.tries;
  }
  out +=
      wrapped(padded("tried", kHead),
              fmt::format("{} runs in {:.1f} s; without a limit one takes {}",
                          tries, static_cast<double>(map.took.count()) / 1e9,
                          format_elapsed(map.plain)),
              kHead);
  out += "\n" + padded("limit", kHead) + padded("floor", kValue) +
         "one step below\n";
  for (const Floor& floor : map.floors) {
    out += floor_lines(floor);
  }
  std::string guard = guard_lines(map);
  return out + (guard.empty() ? "" : "\n" + guard);
}

std::string floors_json(const FloorMap& map) {
  Json json{{"of", valid_utf8(map.what)},
            {"trouble", valid_utf8(map.trouble)},
            {"floors", Json::array()}};
  for (const Floor& floor : map.floors) {
    json["floors"].push_back(floor_json(floor));
  }
  json["guard"] = {
      {"tries", map.guard_tries},
      {"passes", map.guard_passes},
      {"because", valid_utf8(map.guard_because)},
      {"scenario",
       map.written.empty() ? Json() : Json(valid_utf8(map.written))}};
  json["plain_ns"] = map.plain.count();
  json["took_ns"] = map.took.count();
  return json.dump(2) + "\n";
}

}  // namespace faultrig
