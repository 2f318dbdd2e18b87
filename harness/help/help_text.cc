#include "harness/help/help_text.h"

#include <algorithm>
#include <array>

#include "harness/base/columns.h"
#include "harness/help/section_text.h"
#include "harness/model/call_origin.h"
#include "harness/model/observe.h"
#include "harness/model/scenario_sweep.h"

namespace faultrig {

namespace {

constexpr std::string_view kFaultKeys =
    "and as every fault: at, when, until, name, optional (faultrig explain "
    "fault)";

std::string table_of(const std::vector<KeyRow>& rows) {
  std::size_t key_width = 0;
  std::size_t kind_width = 0;
  for (const KeyRow& row : rows) {
    key_width = std::max(key_width, row.key.size());
    kind_width = std::max(kind_width, row.kind.size());
  }
  std::string out;
  for (const KeyRow& row : rows) {
    std::string head = "  " + row.key;
    head.resize(2 + key_width + 2, ' ');
    head += row.kind;
    out += wrapped(head, row.text, 2 + key_width + 2 + kind_width + 2);
  }
  return out;
}

std::string example_lines(const Section& section, std::string_view list) {
  std::string example = example_of(section);
  if (list.empty()) {
    return "  " + example + "\n";
  }
  return "  " + std::string(list) + ":\n    - " + example + "\n";
}

// A trigger is a key of `when`, but for `start`; `output` and `test` are
// expectations too.
struct TriggerForm {
  std::string_view name;
  std::string_view when;
};

constexpr std::array<TriggerForm, 12> kTriggerForms{
    {{"start", "start"},
     {"after", "{after: 200ms}"},
     {"output", "{output: ^ready$}"},
     {"test", "{test: TestServes}"},
     {"call", "{call: fsync, nth: 3}"},
     {"listening", "{listening: 8080}"},
     {"accepted", "{accepted: 3}"},
     {"ready", "{ready: true, after: 1s}"},
     {"in_flight", "{in_flight: 10}"},
     {"answered", "{answered: 100}"},
     {"fault", "{fault: memory, after: 300ms}"},
     {"release", "{release: syscall, after: 300ms}"}}};

std::string explain_trigger(const TriggerForm& form) {
  Section section{.name = form.name,
                  .summary =
                      "a trigger: before the first instruction of the link "
                      "that suffers the fault; the default"};
  if (const Field* field = find_field(trigger_section(), form.name)) {
    section.summary = "a trigger, the moment from which a fault is active";
    section.fields.push_back(*field);
  }
  for (std::string_view beside : kBesideCall) {
    if (form.name == "call") {
      section.fields.push_back(*find_field(trigger_section(), beside));
    }
  }
  std::string out = wrapped(std::string(form.name) + ":", section.summary,
                            form.name.size() + 2);
  out += section.fields.empty() ? "" : "\n" + table_of(rows_of(section));
  return out + "\nexample\n  faults:\n    - signal: {send: SIGTERM, when: " +
         std::string(form.when) + "}\n";
}

// `explain call` tells of them.
void leave_out_beside_call(Section& section) {
  std::erase_if(section.fields, [](const Field& field) {
    return std::find(kBesideCall.begin(), kBesideCall.end(), field.key) !=
           kBesideCall.end();
  });
}

struct OwnSection {
  std::string_view name;
  const Section& (*section)();
};

constexpr std::array<OwnSection, 27> kOwnSections{
    {{"scenario", scenario_section},
     {"observe", observe_section},
     {"observe.goroutines", observe_goroutines_section},
     {"observe.profile", observe_profile_section},
     {"observe.timeline", observe_timeline_section},
     {"observe.spans", observe_spans_section},
     {"sweep", sweep_section},
     {"sweep.calls", sweep_calls_section},
     {"sweep.stop", sweep_stop_section},
     {"sweep.stop.over", stop_over_section},
     {"sweep.stop.over.until", stop_until_section},
     {"sweep.limits", sweep_limits_section},
     {"sweep.dependencies", sweep_dependencies_section},
     {"allow", allow_section},
     {"workload", workload_section},
     {"go_test", go_test_section},
     {"service", service_section},
     {"ready", ready_section},
     {"go_build", go_build_section},
     {"needs", need_section},
     {"load", load_section},
     {"http", http_section},
     {"grpc", grpc_section},
     {"fault", fault_common_section},
     {"when", trigger_section},
     {"trigger", trigger_section},
     {"until", until_section}}};

}  // namespace

std::string help_of_section(const Section& section, std::string_view list,
                            std::string_view proof) {
  std::string out = wrapped(std::string(section.name) + ":", section.summary,
                            section.name.size() + 2);
  out += "\n" + table_of(rows_of(section));
  for (const std::string& rule : rules_of(section)) {
    out += wrapped("  ", rule, 2);
  }
  if (list == "faults") {
    out += wrapped("  ", kFaultKeys, 2);
  }
  if (!proof.empty()) {
    out += "\n" + wrapped("proof", proof, 7);
  }
  bool whole =
      list.empty() &&
      (section.name == "scenario" || section.name == "fault" ||
       section.name == "allow" || section.name.starts_with("observe") ||
       section.name.starts_with("sweep"));
  return whole ? out : out + "\nexample\n" + example_lines(section, list);
}

std::optional<std::string> help_of(std::string_view what,
                                   const Language& language,
                                   const Proofs& proofs) {
  std::string out;
  if (const Section* injector = find_section(language.injectors, what)) {
    auto proof = proofs.find(what);
    out += help_of_section(*injector, "faults",
                           proof == proofs.end() ? "" : proof->second);
  }
  if (const Section* asked = find_section(language.expectations, what)) {
    out += out.empty() ? "" : "\n";
    out += help_of_section(*asked, "expect");
  }
  for (const TriggerForm& form : kTriggerForms) {
    if (form.name == what) {
      out += (out.empty() ? "" : "\n") + explain_trigger(form);
    }
  }
  for (const OwnSection& own : kOwnSections) {
    // An expectation is called so too.
    bool both = own.name == sweep_section().name;
    if (own.name == what && (out.empty() || both)) {
      Section section = own.section();
      if (section.name == trigger_section().name) {
        leave_out_beside_call(section);
      } else if (section.name == until_section().name) {
        section = beyond(section, trigger_section());
      }
      out += (out.empty() ? "" : "\n") + help_of_section(section, "");
    }
  }
  return out.empty() ? std::nullopt : std::optional(out);
}

std::vector<std::string> names_with_help(const Language& language) {
  std::vector<std::string> names;
  for (const auto* sections : {&language.injectors, &language.expectations}) {
    for (const Section* section : *sections) {
      names.emplace_back(section->name);
    }
  }
  for (const OwnSection& own : kOwnSections) {
    if (std::find(names.begin(), names.end(), own.name) == names.end()) {
      names.emplace_back(own.name);
    }
  }
  for (const TriggerForm& form : kTriggerForms) {
    if (std::find(names.begin(), names.end(), form.name) == names.end()) {
      names.emplace_back(form.name);
    }
  }
  return names;
}

}  // namespace faultrig
