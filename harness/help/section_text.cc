#include "harness/help/section_text.h"

#include <algorithm>
#include <array>
#include <utility>

#include "harness/base/text.h"
#include "harness/model/scenario_sweep.h"

namespace faultrig {

namespace {

using Row = std::pair<std::string_view, std::string_view>;

// Values for examples, where that of the kind would not fit the key.
constexpr std::array<Row, 14> kByKey{{{"fault", "memory"},
                                      {"to", "127.0.0.1:5432"},
                                      {"test", "TestHoard"},
                                      {"contains", "refused"},
                                      {"lacks", "panic"},
                                      {"matches", "index out of range"},
                                      {"in", "main.work"},
                                      {"state", "chan receive"},
                                      {"count", "1"},
                                      {"kills", "1"},
                                      {"path", "$TMPDIR"},
                                      {"error", "EIO"},
                                      {"max", "64"},
                                      {"command", "[./serve, --port, '0']"}}};

struct KindExample {
  Kind kind;
  std::string_view value;
};

constexpr std::array<KindExample, 30> kByKind{
    {{Kind::text, "memory"},
     {Kind::texts, "./hoard"},
     {Kind::list, "[one, two]"},
     {Kind::integer, "3"},
     {Kind::count, "1"},
     {Kind::size, "64MiB"},
     {Kind::duration, "200ms"},
     {Kind::boolean, "true"},
     {Kind::percent, "10%"},
     {Kind::signal, "SIGKILL"},
     {Kind::error_number, "EIO"},
     {Kind::regexp, "^ready$"},
     {Kind::glob, "/etc/*"},
     {Kind::choice, ""},
     {Kind::nth, "3"},
     {Kind::calls, "openat"},
     {Kind::environment, "{GODEBUG: gctrace=1}"},
     {Kind::keep_names, "[PATH, HOME]"},
     {Kind::port, "8080"},
     {Kind::sequence, "[openat, {call: write, error: EIO}]"},
     {Kind::step, "-1h"},
     {Kind::rate, "100/s"},
     {Kind::function, "store.*"},
     {Kind::site, "4f2a91c0"},
     {Kind::peer, "127.0.0.1:*"},
     {Kind::reply, "{status: 503}"},
     {Kind::packets, "{port: 5432}"},
     {Kind::share, "{at_most: 20%}"},
     {Kind::time_bound, "{at_most: 200ms}"},
     {Kind::target, ""}}};

// Kinds that take any text, so that a word chosen by the key fits them.
bool takes_any_text(Kind kind) {
  return kind == Kind::text || kind == Kind::texts || kind == Kind::regexp ||
         kind == Kind::glob;
}

bool by_key_fits(const Field& field, std::string_view value) {
  bool number = value.find_first_not_of("0123456789") == std::string_view::npos;
  if (number) {
    return field.kind == Kind::integer || field.kind == Kind::count;
  }
  bool list = value.starts_with('[');
  if (value.starts_with('$')) {
    return field.kind == Kind::text;  // a folder
  }
  return list ? field.kind == Kind::list : takes_any_text(field.kind);
}

std::string value_example(const Field& field) {
  if (field.kind == Kind::choice || !field.choices.empty()) {
    return std::string(field.choices.empty() ? "" : field.choices.front());
  }
  for (const auto& [key, value] : kByKey) {
    if (key == field.key && by_key_fits(field, value)) {
      return std::string(value);
    }
  }
  auto found = std::find_if(
      kByKind.begin(), kByKind.end(),
      [&](const KindExample& row) { return row.kind == field.kind; });
  return std::string(found->value);
}

std::string joined(const std::vector<std::string_view>& words) {
  return join(std::vector<std::string>(words.begin(), words.end()), ", ");
}

KeyRow row_of(const Field& field) {
  KeyRow row{std::string(field.key), std::string(kind_name(field.kind)),
             std::string(field.summary)};
  std::vector<std::string> notes;
  if (field.required) {
    notes.emplace_back("required");
  }
  if (!field.choices.empty()) {
    notes.push_back("one of " + joined(field.choices));
  }
  if (!field.fallback.empty()) {
    notes.push_back("default " + std::string(field.fallback));
  }
  if (!notes.empty()) {
    row.text += " (" + join(notes, "; ") + ")";
  }
  return row;
}

// Is it the first of a group that is a field? A group may begin with a key
// that is none.
bool leads(const Section& section, const std::vector<std::string_view>& group,
           const Field& field) {
  auto first = std::find_if(group.begin(), group.end(), [&](auto key) {
    return find_field(section, key) != nullptr;
  });
  return first != group.end() && *first == field.key;
}

// The keys that an example cannot go without.
std::vector<const Field*> needed_fields(const Section& section) {
  std::vector<const Field*> needed;
  for (const Field& field : section.fields) {
    const auto& groups = section.exactly_one_of;
    if (field.required ||
        std::any_of(groups.begin(), groups.end(), [&](const auto& group) {
          return leads(section, group, field);
        })) {
      needed.push_back(&field);
    }
  }
  if (needed.empty() && !section.fields.empty()) {
    needed.push_back(&section.fields.front());
  }
  return needed;
}

std::vector<OuterKey> with_sweep_keys(std::vector<OuterKey> keys) {
  keys.insert(
      keys.end(),
      {{"sweep", over_name(ScenarioSweep::Over::calls), "map",
        "each call site of the program is made to fail"},
       {"sweep", over_name(ScenarioSweep::Over::stop), "map",
        "a service is told to stop, at each of many moments"},
       {"sweep", over_name(ScenarioSweep::Over::limits), "map",
        "each limit is lowered until it passes no more"},
       {"sweep", over_name(ScenarioSweep::Over::dependencies), "map",
        "what the program connects to refuses, hangs, breaks"},
       {"sweep.dependencies", "does", "list",
        "what each of them does: refuse, hang, reset, slow: TIME, bandwidth: "
        "SIZE, cut: SIZE, connections: N, answer: STATUS, one or a list; "
        "absent: the first three"},
       {"sweep.dependencies", "when", "list",
        "from when on: start, or the `when` of a fault, one or a list; absent: "
        "start"},
       {"sweep.stop", "over", "map",
        "what the moments are counted by; absent: the calls on files and of "
        "the network that it makes until it is ready"},
       {"sweep.stop.over", "until", "map",
        "the moment to which the calls are counted; absent: ready"}});
  return keys;
}

}  // namespace

std::vector<KeyRow> rows_of(const Section& section) {
  std::vector<KeyRow> rows;
  for (const OuterKey& outer : outer_keys()) {
    // The expectations `service` and `sweep` have names of other parts: those
    // have no short form, and no key that an expectation needs.
    if (outer.section == section.name && section.shorthand.empty() &&
        !section.needs_any) {
      rows.push_back({std::string(outer.key), std::string(outer.kind),
                      std::string(outer.summary)});
    }
  }
  for (const Field& field : section.fields) {
    rows.push_back(row_of(field));
  }
  if (section.any_key) {
    KeyRow row = row_of(*section.any_key);
    row.key = "<" + row.key + ">";
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<std::string> rules_of(const Section& section) {
  std::vector<std::string> rules;
  for (const auto& group : section.exactly_one_of) {
    rules.push_back("exactly one of " + joined(group));
  }
  for (const auto& group : section.at_most_one_of) {
    rules.push_back("at most one of " + joined(group));
  }
  if (section.needs_any) {
    rules.emplace_back("at least one of them");
  }
  if (!section.shorthand.empty()) {
    rules.push_back("a bare value means '" + std::string(section.shorthand) +
                    "'");
  }
  return rules;
}

const std::vector<OuterKey>& outer_keys() {
  static const std::vector<OuterKey> keys = with_sweep_keys({
      {"scenario", "workload", "map", "what is run (required)"},
      {"scenario", "faults", "list",
       "what goes wrong: maps of one key each, "
       "the name of an injector"},
      {"scenario", "expect", "list",
       "what must be true afterwards: maps of "
       "one key each, the name of an expectation"},
      {"scenario", "observe", "list",
       "what is recorded beside how it ends: maps of one key each"},
      {"observe", "goroutines", "map",
       "where the goroutines of a Go program stand"},
      {"observe", "profile", "list", "what Go's profiles of its tests say"},
      {"observe", "timeline", "map", "what Go's execution trace says of it"},
      {"observe", "spans", "map", "the spans that it exports"},
      {"scenario", "sweep", "map",
       "many runs in place of one, each with a fault of its own; `faults` "
       "stand in each"},
      {"scenario", "allow", "list",
       "findings of a sweep over calls that are known: maps of site, outcome "
       "and because"},
      {"workload", "go_test", "map", "the Go tests to run"},
      {"workload", "service", "map",
       "a program that runs until it is told to stop"},
      {"workload", "load", "list",
       "what is asked of the service while it runs: maps of `http`, "
       "`grpc` or `open`"},
      {"service", "go_build", "map",
       "a Go package that is compiled once and is the program"},
      {"service", "ready", "map",
       "when it is ready; absent: it takes a connection, and answers HTTP if "
       "it answers anything"},
      {"service", "needs", "list",
       "other services that it needs, each with a `name`"},
      {"needs", "go_build", "map",
       "a Go package that is compiled once and is the program"},
      {"needs", "ready", "map",
       "when it is ready; absent: it takes a connection, and answers HTTP if "
       "it answers anything"},
      {"load", "http", "map", "what is asked"},
      {"load", "grpc", "map", "what is called, instead"},
      {"fault", "when", "start or map",
       "the moment from which the fault is "
       "active (default start)"},
      {"fault", "until", "map",
       "the moment at which it is released; absent: it lasts to the end"},
  });
  return keys;
}

std::string example_of(const Section& section) {
  std::string name(section.name);
  if (section.any_key) {
    return name + ": {TestHoard: " + value_example(*section.any_key) + "}";
  }
  auto needed = needed_fields(section);
  if (needed.size() == 1 && needed[0]->key == section.shorthand) {
    return name + ": " + value_example(*needed[0]);
  }
  std::vector<std::string> pairs;
  pairs.reserve(needed.size());
  for (const Field* field : needed) {
    pairs.push_back(std::string(field->key) + ": " + value_example(*field));
  }
  return name + ": {" + join(pairs, ", ") + "}";
}

Section beyond(Section section, const Section& known) {
  std::erase_if(section.fields, [&known](const Field& field) {
    return find_field(known, field.key) != nullptr;
  });
  section.needs_any = false;
  return section;
}

}  // namespace faultrig
