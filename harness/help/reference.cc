#include "harness/help/reference.h"

#include "harness/help/section_text.h"
#include "harness/model/observe.h"
#include "harness/model/scenario_sweep.h"

namespace faultrig {

namespace {

constexpr std::string_view kIntroduction =
    "# The scenario language\n"
    "\n"
    "Every key of a scenario, what it takes and what it means when absent. "
    "This page is\n"
    "generated from the tables that check scenarios; `faultrig explain NAME` "
    "prints any\n"
    "part of it, `faultrig schema` the same as JSON Schema for editors.\n";

// `|` ends a cell, also between backquotes.
std::string cell(std::string_view text) {
  std::string out;
  for (char letter : text) {
    out += letter == '|' ? "\\|" : std::string(1, letter);
  }
  return out;
}

std::string table_of(const Section& section) {
  std::string out = "| key | takes | |\n|---|---|---|\n";
  for (const KeyRow& row : rows_of(section)) {
    out += "| `" + cell(row.key) + "` | " + cell(row.kind) + " | " +
           cell(row.text) + " |\n";
  }
  std::string rules;
  for (const std::string& rule : rules_of(section)) {
    rules += rules.empty() ? "" : "; ";
    rules += rule;
  }
  if (!rules.empty()) {
    rules[0] = static_cast<char>(rules[0] - 'a' + 'A');
    out += "\n" + rules + ".\n";
  }
  return out;
}

std::string example_block(const Section& section, std::string_view list) {
  std::string example = example_of(section);
  if (!list.empty()) {
    example = std::string(list) + ":\n  - " + example;
  }
  return "\n```yaml\n" + example + "\n```\n";
}

// `title` in Markdown, the sentence below it, the keys.
std::string chapter(std::string_view title, const Section& section) {
  return "\n" + std::string(title) + "\n\n`" + std::string(section.name) +
         "`: " + std::string(section.summary) + ".\n\n" + table_of(section);
}

std::string list_chapter(const Section& section, std::string_view list,
                         const Proofs& proofs) {
  std::string out = chapter("### " + std::string(section.name), section);
  auto proof = proofs.find(section.name);
  if (list == "faults" && proof != proofs.end()) {
    out += "\nProof: " + proof->second + "\n";
  }
  return out + example_block(section, list);
}

constexpr std::string_view kSweepExample =
    "\n```yaml\nsweep:\n"
    "  calls: {call: '%file', errors: [EIO], each: [once, from_then_on]}\n"
    "allow:\n"
    "  - {site: 4f2a91, outcome: swallowed, because: the cache may be lost}\n"
    "expect:\n"
    "  - sweep: {swallowed: 0, crashed: 0, hung: 0}\n```\n";

constexpr std::string_view kObserveExample =
    "\n```yaml\nobserve:\n"
    "  - goroutines: {at: [test, end]}\n"
    "  - profile: [cpu, mutex]\n"
    "  - timeline: {period: 100ms}\n"
    "  - spans: {wait: 1s}\n"
    "expect:\n"
    "  - goroutines: {grows: none, ignore: [cache.(*Cache).run]}\n"
    "  - profile: {of: mutex, in: orders.record, share: {at_most: 20%}}\n"
    "  - timeline: {blocked: sync, in: orders.record, longest: {at_most: "
    "50ms}}\n"
    "  - timeline: {order: [begin, commit], per: goroutine}\n"
    "  - spans: {name: PlaceOrder, status: error, during: slow_db}\n"
    "```\n";

std::string observe_chapters() {
  std::string out = chapter("## What is observed", observe_section());
  out += chapter("### Goroutines", observe_goroutines_section());
  out += chapter("### Profiles", observe_profile_section());
  out += chapter("### Timelines", observe_timeline_section());
  out += chapter("### Spans", observe_spans_section());
  return out + std::string(kObserveExample);
}

std::string sweep_chapters() {
  std::string out = chapter("## A sweep", sweep_section());
  out += kSweepExample;
  out += chapter("### Over calls", sweep_calls_section());
  out += chapter("### Over the moments of a stop", sweep_stop_section());
  out += chapter("#### Which moments", stop_over_section());
  out += chapter("#### Until", stop_until_section());
  out += chapter("### Over limits", sweep_limits_section());
  out += chapter("### Over dependencies", sweep_dependencies_section());
  return out + chapter("### Findings that are known", allow_section());
}

std::string kinds_chapter() {
  std::string out =
      "\n## What values look like\n\n| takes | that is |\n|---|---|\n";
  for (int i = 0; i <= static_cast<int>(Kind::time_bound); ++i) {
    auto kind = static_cast<Kind>(i);
    out += "| " + std::string(kind_name(kind)) + " | " +
           cell(kind_summary(kind)) + " |\n";
  }
  return out;
}

}  // namespace

std::string reference_page(const Language& language, const Proofs& proofs) {
  std::string out(kIntroduction);
  out += chapter("## A scenario", scenario_section());
  out += chapter("## The workload", workload_section());
  out += example_block(workload_section(), "");
  out += chapter("### Go tests", go_test_section());
  out += chapter("### A service", service_section());
  out += chapter("#### Ready", ready_section());
  out += chapter("#### A program built from Go", go_build_section());
  out += chapter("#### What it needs", need_section());
  out += chapter("### Load", load_section());
  out += chapter("#### A request", http_section());
  out += chapter("#### A call of gRPC", grpc_section());
  out += chapter("## Faults", fault_common_section());
  out += chapter("### When", trigger_section());
  out += example_block(trigger_section(), "");
  Section until = beyond(until_section(), trigger_section());
  out += chapter("### Until", until);
  out += example_block(until, "");
  for (const Section* injector : language.injectors) {
    out += list_chapter(*injector, "faults", proofs);
  }
  out += observe_chapters();
  out += sweep_chapters();
  out +=
      "\n## Expectations\n\nEach is a question to the evidence of the run.\n";
  for (const Section* expectation : language.expectations) {
    out += list_chapter(*expectation, "expect", proofs);
  }
  return out + kinds_chapter();
}

}  // namespace faultrig
