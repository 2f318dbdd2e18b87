// What `go test` would do, said by us: the flags that mode binary passes are
// those that cmd/go passes (go help testflag). Count and -exec come first, so
// that a flag of the author's, which comes later, wins.
#include "harness/model/go_words.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "harness/base/text.h"

namespace faultrig {

namespace {

// The first Go whose testing package marks its lines (-v=test2json).
constexpr int kMarksItsLines = 20;

// Test flags of cmd/go that take a value (after = or as the next word), and
// those that may stand alone.
const std::set<std::string_view>& test_flags_with_value() {
  static const std::set<std::string_view> kFlags{
      "bench",        "benchtime",
      "blockprofile", "blockprofilerate",
      "coverprofile", "cpu",
      "cpuprofile",   "fuzz",
      "fuzztime",     "list",
      "memprofile",   "memprofilerate",
      "mutexprofile", "outputdir",
      "parallel",     "shuffle",
      "trace",        "fuzzminimizetime"};
  return kFlags;
}

const std::set<std::string_view>& test_flags_alone() {
  static const std::set<std::string_view> kFlags{"v", "short", "failfast",
                                                 "benchmem", "fullpath"};
  return kFlags;
}

// Flags of go test for go itself that go list does not know, not in Go 1.19, or
// takes for something else.
const std::set<std::string_view>& go_test_flags_with_value() {
  static const std::set<std::string_view> kFlags{"covermode", "coverpkg",
                                                 "exec", "vet"};
  return kFlags;
}

const std::set<std::string_view>& go_test_flags_alone() {
  static const std::set<std::string_view> kFlags{"cover", "json", "x"};
  return kFlags;
}

bool is_flag(const std::string& word) {
  return word.starts_with('-') &&
         word.find_first_not_of('-') != std::string::npos;
}

std::string flag_name(std::string_view flag) {
  std::string_view name = flag.substr(flag.find_first_not_of('-'));
  name = name.substr(0, name.find('='));
  if (name.starts_with("test.")) {
    name.remove_prefix(5);
  }
  return std::string(name);
}

// Quoted for the fields of -exec (go help run: quoted.Split, no escapes). A
// quote within a word is none to go.
std::string exec_field(const std::string& word) {
  bool starts_quoted = word.starts_with('\'') || word.starts_with('"');
  if (!starts_quoted && word.find_first_of(" \t\n\r") == std::string::npos) {
    return word;
  }
  char quote = word.find('\'') == std::string::npos ? '\'' : '"';
  return quote + word + quote;
}

}  // namespace

GoFlags split_flags(const std::vector<std::string>& flags) {
  GoFlags out;
  for (std::size_t i = 0; i < flags.size(); ++i) {
    const std::string& flag = flags[i];
    if (!is_flag(flag)) {
      out.build.push_back(flag);
      continue;
    }
    std::string name = flag_name(flag);
    bool valued = test_flags_with_value().contains(name);
    if (!valued && !test_flags_alone().contains(name)) {
      out.build.push_back(flag);
      continue;
    }
    std::size_t equals = flag.find('=');
    bool next = valued && equals == std::string::npos && i + 1 < flags.size();
    std::string value = equals != std::string::npos ? flag.substr(equals)
                        : next                      ? "=" + flags[++i]
                                                    : "";
    out.test.push_back(join({"-test.", name, value}, ""));
  }
  return out;
}

std::string exec_flag(const std::vector<std::string>& words) {
  std::vector<std::string> fields;
  fields.reserve(words.size());
  for (const std::string& word : words) {
    fields.push_back(exec_field(word));
  }
  return "-exec=" + join(fields, " ");
}

std::vector<std::string> witness_words(const GoTest& test,
                                       const std::string& shim,
                                       const std::string& door) {
  std::vector<std::string> words = test.exec;
  words.insert(words.end(), {shim, "witness", door});
  return words;
}

std::vector<std::string> go_test_words(const Plan& plan, const std::string& go,
                                       int minor,
                                       const std::vector<std::string>& exec) {
  const GoTest& test = *plan.scenario.workload.go_test;
  std::vector<std::string> line{go, "test",
                                "-count=" + std::to_string(test.count)};
  line.push_back(exec_flag(exec));
  auto add = [&](const char* flag, const std::string& value) {
    if (!value.empty()) {
      line.push_back(flag + value);
    }
  };
  add("-run=", test.run);
  add("-skip=", test.skip);
  add("-timeout=", test.timeout);
  line.insert(line.end(), test.flags.begin(), test.flags.end());
  if (plan.wants_test_events) {
    // Behind the author's own -v, which would take testing's marks away.
    line.emplace_back(minor >= kMarksItsLines ? "-v=test2json" : "-v");
  }
  line.insert(line.end(), test.packages.begin(), test.packages.end());
  if (!test.args.empty()) {
    line.emplace_back("-args");
    line.insert(line.end(), test.args.begin(), test.args.end());
  }
  return line;
}

bool asks_json(const Plan& plan) {
  const auto& flags = plan.scenario.workload.go_test->flags;
  return plan.chain() &&
         std::any_of(flags.begin(), flags.end(), [](const std::string& flag) {
           return flag == "-json" || flag == "--json" || flag == "-json=true" ||
                  flag == "--json=true";
         });
}

namespace {

// What of the flags of go test go list knows too.
void add_list_flags(const GoTest& test, std::vector<std::string>& line) {
  std::vector<std::string> flags = split_flags(test.flags).build;
  for (std::size_t i = 0; i < flags.size(); ++i) {
    std::string name = is_flag(flags[i]) ? flag_name(flags[i]) : "";
    bool valued = go_test_flags_with_value().contains(name);
    if (valued && flags[i].find('=') == std::string::npos) {
      ++i;
    } else if (!valued && !go_test_flags_alone().contains(name)) {
      line.push_back(flags[i]);
    }
  }
}

}  // namespace

std::vector<std::string> go_list_words(const GoTest& test,
                                       const std::string& go) {
  // In GOFLAGS, -json would go against -f.
  std::vector<std::string> line{go, "list", "-json=false", "-f", "{{.Dir}}"};
  add_list_flags(test, line);
  line.push_back(test.packages.front());
  return line;
}

std::vector<std::string> go_deps_words(const GoTest& test,
                                       const std::string& go) {
  constexpr const char* kForm =
      "{{if not .Standard}}dir {{.Dir}}{{with .Module}}"
      "{{if or .Main (and .Replace (not .Replace.Version))}}\nmod {{.GoMod}}"
      "{{end}}{{end}}"
      "{{range .EmbedFiles}}\nfile {{.}}{{end}}"
      "{{range .TestEmbedFiles}}\nfile {{.}}{{end}}"
      "{{range .XTestEmbedFiles}}\nfile {{.}}{{end}}{{end}}";
  std::vector<std::string> line{go,      "list", "-json=false", "-deps",
                                "-test", "-f",   kForm};
  add_list_flags(test, line);
  line.insert(line.end(), test.packages.begin(), test.packages.end());
  return line;
}

std::vector<std::string> go_build_words(const GoTest& test,
                                        const std::string& go,
                                        const std::string& out) {
  std::vector<std::string> line{go, "test", "-c", "-o", out};
  GoFlags flags = split_flags(test.flags);
  line.insert(line.end(), flags.build.begin(), flags.build.end());
  line.push_back(test.packages.front());
  return line;
}

std::vector<std::string> words_of_goflags(const std::string& value) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while ((at = value.find_first_not_of(" \t\n\r", at)) != value.npos) {
    char quote = value[at] == '\'' || value[at] == '"' ? value[at] : '\0';
    std::size_t from = at + (quote != '\0' ? 1 : 0);
    std::size_t to = quote != '\0' ? value.find(quote, from)
                                   : value.find_first_of(" \t\n\r", from);
    words.push_back(value.substr(from, to - from));
    at = to == value.npos ? to : to + 1;
  }
  return words;
}

bool has_flag(const std::vector<std::string>& flags, std::string_view name) {
  return std::any_of(flags.begin(), flags.end(), [&](const std::string& flag) {
    std::string_view word = flag;
    word.remove_prefix(std::min(word.find_first_not_of('-'), word.size()));
    return flag.starts_with('-') && word.substr(0, word.find('=')) == name;
  });
}

namespace {

// What go passes on of its GOFLAGS; keys of ours come behind it.
std::vector<std::string> test_words_of(const std::vector<std::string>& goflags,
                                       const GoTest& test) {
  std::vector<std::string> words = split_flags(goflags).test;
  for (const char* name : {"run", "skip", "timeout"}) {
    for (const std::string& flag : goflags) {
      if (has_flag({flag}, name)) {
        words.push_back("-test." + flag.substr(flag.find_first_not_of('-')));
      }
    }
  }
  for (const auto& [name, value] :
       {std::pair{"-test.timeout=", test.timeout},
        std::pair{"-test.count=", std::to_string(test.count)},
        std::pair{"-test.run=", test.run},
        std::pair{"-test.skip=", test.skip}}) {
    if (!value.empty()) {
      words.push_back(name + value);
    }
  }
  return words;
}

}  // namespace

std::vector<std::string> test_binary_words(
    const Plan& plan, int minor, const std::vector<std::string>& goflags) {
  const GoTest& test = *plan.scenario.workload.go_test;
  std::vector<std::string> args{"-test.paniconexit0"};
  if (test.timeout.empty()) {
    args.emplace_back("-test.timeout=10m0s");
  }
  std::vector<std::string> given = test_words_of(goflags, test);
  args.insert(args.end(), given.begin(), given.end());
  GoFlags flags = split_flags(test.flags);
  args.insert(args.end(), flags.test.begin(), flags.test.end());
  if (plan.wants_test_events) {
    args.emplace_back(minor >= kMarksItsLines ? "-test.v=test2json"
                                              : "-test.v=true");
  }
  args.insert(args.end(), test.args.begin(), test.args.end());
  return args;
}

}  // namespace faultrig
