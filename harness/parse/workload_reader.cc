#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include <re2/re2.h>

#include "harness/base/text.h"
#include "harness/model/go_words.h"
#include "harness/parse/scenario_parts.h"
#include "harness/parse/section_reader.h"

namespace faultrig {

namespace {

using Texts = std::vector<std::string>;

// Flags of go test that are keys here, or that we need for ourselves.
constexpr std::array<std::string_view, 6> kOwnKeys{"args", "count", "exec",
                                                   "run",  "skip",  "timeout"};

// With these go, or the test binary, runs no test: what then ends well was
// never tried.
constexpr std::array<std::string_view, 3> kWithoutTests{"c", "list",
                                                        "test.list"};

bool is_folder(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

void check_flags(const YamlNode& node, Complaints& complaints) {
  for (const YamlNode& element : node.children) {
    std::string_view flag = element.scalar;
    flag.remove_prefix(std::min(flag.find_first_not_of('-'), flag.size()));
    flag = flag.substr(0, flag.find('='));
    auto is_among = [&](const auto& names) {
      return element.scalar.starts_with('-') &&
             std::find(names.begin(), names.end(), flag) != names.end();
    };
    if (is_among(kOwnKeys)) {
      complaints.add(element.spot, "use the key '" + std::string(flag) +
                                       "' instead of this flag");
    } else if (is_among(kWithoutTests)) {
      complaints.add(element.spot,
                     "with the flag " + element.scalar + " no test runs");
    }
  }
}

// The words for the test binary itself; go adds what it needs before them.
void check_args(const YamlNode& node, Complaints& complaints) {
  for (const YamlNode& element : node.children) {
    if (has_flag({element.scalar}, "test.list")) {
      complaints.add(element.spot,
                     "with the flag " + element.scalar + " no test runs");
    }
  }
}

// go takes these flags before those of the command line.
void check_goflags(const YamlNode& node, Complaints& complaints) {
  const YamlNode* env = child(node, "env");
  const YamlNode* goflags = env == nullptr ? nullptr : child(*env, "GOFLAGS");
  if (goflags == nullptr || child(node, "go_test") == nullptr) {
    return;
  }
  for (std::string_view name : kWithoutTests) {
    if (has_flag(words_of_goflags(goflags->scalar), name)) {
      complaints.add(goflags->spot,
                     "with -" + std::string(name) + " in GOFLAGS no test runs");
    }
  }
}

// As time.ParseDuration takes it; go would refuse it only after compiling.
void check_timeout(const YamlNode& node, Complaints& complaints) {
  if (!RE2::FullMatch(node.scalar,
                      "0|([0-9]+(\\.[0-9]*)?(ns|us|µs|ms|s|m|h))+")) {
    complaints.add(node.spot, "expected a time of Go's such as 1m30s, not " +
                                  quote_of(node.scalar));
  }
}

GoTest go_test_from(const Params& params) {
  GoTest go;
  go.packages = params.get_or<Texts>("packages", go.packages);
  go.run = params.get_or<std::string>("run", "");
  go.skip = params.get_or<std::string>("skip", "");
  go.count = params.get_or<std::int64_t>("count", 1);
  go.flags = params.get_or<Texts>("flags", {});
  go.args = params.get_or<Texts>("args", {});
  go.timeout = params.get_or<std::string>("timeout", "");
  go.exec = params.get_or<Texts>("exec", {});
  go.go = params.get_or<std::string>("go", "go");
  bool chain = params.get_or<std::string>("mode", "chain") == "chain";
  go.mode = chain ? GoTest::Mode::chain : GoTest::Mode::binary;
  return go;
}

GoTest read_go_test(const YamlNode& node, const std::filesystem::path& folder,
                    Complaints& complaints) {
  using Check = void (*)(const YamlNode&, Complaints&);
  constexpr std::array<std::pair<std::string_view, Check>, 5> kChecks{
      {{"packages", check_packages},
       {"flags", check_flags},
       {"args", check_args},
       {"timeout", check_timeout},
       {"exec", check_program}}};
  Params params = read_section(go_test_section(), node, complaints);
  for (const auto& [key, check] : kChecks) {
    if (params.written(std::string(key))) {
      check(*child(node, key), complaints);
    }
  }
  GoTest go = go_test_from(params);
  go.dir = params.written("dir")
               ? existing_folder(*child(node, "dir"), folder, complaints)
               : folder;
  return go;
}

void read_cwd(const YamlNode& node, const std::filesystem::path& folder,
              Workload& workload, Complaints& complaints) {
  const YamlNode* cwd = child(node, "cwd");
  if (cwd != nullptr && workload.go_test) {
    complaints.add(cwd->key_spot,
                   "cwd is for a command: go_test has the key 'dir'");
  } else if (cwd != nullptr && cwd->is(YamlNode::Kind::scalar)) {
    workload.cwd = existing_folder(*cwd, folder, complaints);
  } else if (!workload.go_test) {
    workload.cwd = folder;
  }
}

void check_times(const YamlNode& node, const Workload& workload,
                 Complaints& complaints) {
  for (std::string_view key : {"deadline", "compile_within"}) {
    auto time = key == "deadline" ? workload.deadline : workload.compile_within;
    if (time.count() <= 0) {
      complaints.add(child(node, key)->spot,
                     std::string(key) + " must be more than nothing");
    }
  }
  const YamlNode* compile = child(node, "compile_within");
  if (compile != nullptr && !workload.go_test) {
    complaints.add(compile->key_spot, "only go_test compiles tests");
  }
}

// What a service may take to get ready and to stop is not cut short by a
// deadline that nobody wrote: beside it there are the 40 s that the usual 60 s
// leave beside the usual 10 s of each.
void leave_room(const YamlNode& node, Workload& workload) {
  if (workload.service && child(node, "deadline") == nullptr) {
    workload.deadline =
        std::max(workload.deadline, workload.service->ready_within +
                                        workload.service->grace +
                                        std::chrono::seconds(40));
  }
}

}  // namespace

void check_packages(const YamlNode& node, Complaints& complaints) {
  auto check = [&](const YamlNode& word) {
    if (word.scalar.starts_with('-')) {
      complaints.add(word.spot, quote_of(word.scalar) +
                                    " is a flag, not a package: write it "
                                    "below 'flags'");
    }
  };
  check(node);
  std::for_each(node.children.begin(), node.children.end(), check);
}

std::filesystem::path existing_folder(const YamlNode& node,
                                      const std::filesystem::path& base,
                                      Complaints& complaints) {
  if (base.empty()) {
    return node.scalar;
  }
  std::filesystem::path folder = normal_path((base / node.scalar).string());
  if (!is_folder(folder)) {
    complaints.add(node.spot, "no such folder: " + quote_of(folder.string()));
  }
  return folder;
}

void check_program(const YamlNode& node, Complaints& complaints) {
  if (!node.is(YamlNode::Kind::list)) {
    return;
  }
  if (node.children.empty() || (node.children[0].is(YamlNode::Kind::scalar) &&
                                node.children[0].scalar.empty())) {
    complaints.add(node.spot, node.key + " must begin with a program");
  }
}

WorkloadForm form_of(const YamlNode* workload) {
  constexpr std::array<std::pair<std::string_view, WorkloadForm>, 3> kForms{
      {{"go_test", WorkloadForm::go_test},
       {"command", WorkloadForm::command},
       {"service", WorkloadForm::service}}};
  WorkloadForm form = WorkloadForm::unknown;
  int written = 0;
  for (const auto& [key, one] : kForms) {
    if (workload != nullptr && child(*workload, key) != nullptr) {
      form = one;
      ++written;
    }
  }
  return written == 1 ? form : WorkloadForm::unknown;
}

Workload read_workload(const YamlNode& node,
                       const std::filesystem::path& folder,
                       Complaints& complaints) {
  Params params = read_section(workload_section(), node, complaints,
                               {"go_test", "service", "load"});
  Workload workload;
  workload.place = node.spot.place;
  if (const YamlNode* go_test = child(node, "go_test")) {
    workload.go_test = read_go_test(*go_test, folder, complaints);
  }
  if (const YamlNode* command = child(node, "command")) {
    check_program(*command, complaints);
  }
  if (const YamlNode* recover = child(node, "recover")) {
    check_program(*recover, complaints);
  }
  workload.command = params.get_or<Texts>("command", {});
  workload.recover = params.get_or<Texts>("recover", {});
  workload.env = params.get_or<std::map<std::string, std::string>>("env", {});
  workload.clean_env = params.has("clean_env");
  workload.keep_env = params.get_or<Texts>("clean_env", {});
  workload.deadline = params.get_or("deadline", workload.deadline);
  workload.compile_within =
      params.get_or("compile_within", workload.compile_within);
  check_times(node, workload, complaints);
  check_goflags(node, complaints);
  read_cwd(node, folder, workload, complaints);
  read_service(node, folder, workload, complaints);
  leave_room(node, workload);
  return workload;
}

}  // namespace faultrig
