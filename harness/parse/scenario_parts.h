#pragma once

// The parts that scenario_reader.cc puts together.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/scenario.h"
#include "harness/model/schema.h"
#include "harness/parse/complaint.h"
#include "harness/parse/yaml_tree.h"

namespace faultrig {

// What the workload is, as far as that could be read.
enum class WorkloadForm { unknown, go_test, command, service };

WorkloadForm form_of(const YamlNode* workload);

// `folder` is absolute: what the paths of a workload are relative to.
Workload read_workload(const YamlNode& node,
                       const std::filesystem::path& folder,
                       Complaints& complaints);

// `service` and `load` of a workload, into its command, env, cwd and service.
void read_service(const YamlNode& workload, const std::filesystem::path& folder,
                  Workload& into, Complaints& complaints);

// The absolute form of the folder a node names; complains if there is none. An
// empty `base`: it is elsewhere, and stays as it is written.
std::filesystem::path existing_folder(const YamlNode& node,
                                      const std::filesystem::path& base,
                                      Complaints& complaints);

// Complains about a package, or one of a list, that go would take for a flag:
// `-exec=PROGRAM` runs one.
void check_packages(const YamlNode& node, Complaints& complaints);

// A program must have a name.
void check_program(const YamlNode& node, Complaints& complaints);

// Why a workload of this form has no such link; empty: it has.
std::string why_no_link(WorkloadForm form, Link link);

// What the readers of the lists know of the rest.
struct ReaderContext {
  const Language& language;
  WorkloadForm form;
  Complaints& complaints;
  // As of read_workload(); empty: files that the scenario names are elsewhere.
  std::filesystem::path folder = {};
};

std::vector<Fault> read_faults(const YamlNode& node, const ReaderContext& here);

// `start`, or a map of trigger_section().
Trigger read_trigger(const YamlNode& node, Complaints& complaints);
// A map of until_section().
Trigger read_until(const YamlNode& node, Complaints& complaints);

// What `expect` may call the faults: their names and their injectors'.
std::vector<std::string> citable_names(const YamlNode* faults);

std::vector<Expectation> read_expectations(
    const YamlNode& node, const std::vector<std::string>& citable,
    const ReaderContext& here);

// `observe`: what is recorded beside how it ends.
Observers read_observers(const YamlNode& node, const ReaderContext& here);

// `workload`, `faults`, `observe` and `expect` of a map, so far as they are
// there, into a scenario. `folder`: as of read_workload().
void read_parts(const YamlNode& root, const std::filesystem::path& folder,
                const Language& language, Complaints& complaints,
                Scenario& into);

// `sweep` of a scenario, with `allow` beside it. Null: it has none, or one that
// was complained about.
std::shared_ptr<const ScenarioSweep> read_sweep(const YamlNode& scenario,
                                                WorkloadForm form,
                                                Complaints& complaints);

// The elements of a list of one-key maps, as the values of those keys;
// complains about the others. `example`: such an element.
std::vector<const YamlNode*> one_key_elements(const YamlNode& node,
                                              std::string_view example,
                                              Complaints& complaints);

// The section of this name; if there is none, complains at the node's key
// about an unknown `what`.
const Section* known_section(const std::vector<const Section*>& sections,
                             std::string_view what, const YamlNode& node,
                             Complaints& complaints);

}  // namespace faultrig
