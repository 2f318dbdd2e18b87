#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// What a value in a scenario may be. The reader checks it, the JSON Schema,
// `faultrig explain` and the reference page describe it: one table for all.
enum class Kind {
  text,          // a string
  texts,         // a string or a list of strings -> vector<string>
  list,          // a list of strings, not a single one -> vector<string>
  integer,       // -> int64
  count,         // N, {at_least: N}, {at_most: N}, {not: N}, [N, M]
                 // -> NumberTest
  size,          // 64MiB -> Bytes
  duration,      // 200ms -> nanoseconds
  step,          // 1h, -30s -> nanoseconds
  boolean,       // true, false
  percent,       // 10%, 0.5% -> double, 0..1
  signal,        // SIGTERM -> int64
  error_number,  // EIO -> int64
  regexp,        // RE2 -> string
  glob,          // -> string
  choice,        // one of Field::choices -> string
  nth,           // F, F+, F+S, F..L, F..L+S -> Nth
  calls,         // a name, a list, a class such as %file -> vector<string>
  environment,   // map of name to text -> map<string, string>
  keep_names,    // true, or a list of names -> vector<string>
  port,          // true, or a port -> int64, 0 for true
  sequence,      // list of {call, error, path, fd} -> vector<CallPattern>
  rate,          // 100/s -> double, a second
  function,      // glob of a Go function -> string
  site,          // id of a call site -> string
  peer,          // glob of a socket's address -> string
  reply,         // {status, body} of HTTP -> map<string, string>
  packets,       // {port, to} of the network -> map<string, string>
  share,         // {at_least: 20%}, {at_most: 20%} -> NumberTest, of which 100
                 // are one percent
  time_bound,    // {at_least: 1s}, {at_most: 200ms} -> NumberTest, of ns
  target,        // one of Field::choices -> string, or {child: NAME}
                 // -> map<string, string>
};

// The name of a kind in help texts: `size`, `duration`, ...
std::string_view kind_name(Kind kind);
// What a value of it is, with an example, as in `expected a size such as
// 64MiB`.
std::string_view kind_summary(Kind kind);

// One key of a map in a scenario.
struct Field {
  std::string_view key;
  Kind kind = Kind::text;
  std::string_view summary = {};   // one sentence, lower case, no full stop
  std::string_view fallback = {};  // what an absent key means, as one scalar
  bool required = false;
  std::vector<std::string_view> choices = {};        // for Kind::choice
  std::optional<std::int64_t> least = std::nullopt;  // for Kind::integer
  // Beyond these a value is well written, and can never hold: the planner says
  // so. For the number of a Kind::count; for Kind::text and Kind::regexp.
  std::optional<std::int64_t> most = std::nullopt;
  bool filled = false;
};

// A map in a scenario: an injector, an expectation, a trigger, a workload.
struct Section {
  std::string_view name;
  std::string_view summary = {};
  std::vector<Field> fields = {};
  // A bare value instead of a map means this field: `took_effect: memory`.
  std::string_view shorthand = {};
  // At least one, and at most one, of these keys must be there (each group).
  std::vector<std::vector<std::string_view>> exactly_one_of = {};
  // At most one of these keys may be there (each group).
  std::vector<std::vector<std::string_view>> at_most_one_of = {};
  // At least one key of `fields` must be there.
  bool needs_any = false;
  // Any key is taken, each with a text as this field says (`tests`). The
  // values are one entry `each` of Params: a map of key to text.
  std::optional<Field> any_key = std::nullopt;
};

// All sections of the language. Injectors and expectations come from the
// registries, the rest is model/language.cc.
struct Language {
  std::vector<const Section*> injectors;
  std::vector<const Section*> expectations;
};

// The field with this key, or nothing.
const Field* find_field(const Section& section, std::string_view key);
const Section* find_section(std::span<const Section* const> sections,
                            std::string_view name);

// The parts of the language that no registry holds.
// What holds other sections is no Field: `workload`, `faults` and `expect` of
// a scenario; `go_test`, `service` and `load` of a workload; `ready`,
// `go_build` and `needs` of a service, the first two of a need as well; `http`
// of a load; `when` of a fault.
const Section& scenario_section();  // about, tags, golden
const Section& workload_section();  // command, env, clean_env, cwd, deadline
const Section& go_test_section();
const Section& service_section();
const Section& ready_section();
const Section& go_build_section();
const Section& need_section();  // another service that it needs
const Section& load_section();
const Section& http_section();          // of a load: what is asked
const Section& grpc_section();          // the same, by gRPC
const Section& fault_common_section();  // at, name
const Section& trigger_section();       // all forms but the bare `start`
const Section& until_section();         // those, and `effects`

}  // namespace faultrig
