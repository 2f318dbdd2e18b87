// A program that needs the package net may listen: whether it does, and gets
// ready without being told anything, is found by starting it.
#include "harness/campaign/user_module.h"

#include <fcntl.h>

#include <algorithm>
#include <array>

#include "harness/base/fd.h"
#include "harness/base/text.h"
#include "harness/campaign/aside.h"
#include "harness/model/go_words.h"
#include "harness/run/command.h"
#include "harness/run/go_tool.h"

namespace faultrig {

namespace fs = std::filesystem;

namespace {

// In the order in which GNU make looks for them.
constexpr std::array<const char*, 3> kMakefiles{"GNUmakefile", "makefile",
                                                "Makefile"};
constexpr std::string_view kExec = "-exec";
constexpr const char* kPackageForm =
    "{{.Name}}\t{{len .TestGoFiles}}\t{{len .XTestGoFiles}}\t"
    "{{range .Deps}}{{if eq . \"net\"}}net{{end}}{{end}}\t{{.Dir}}";

Result<std::string> ask_go(Session& session, const fs::path& folder,
                           std::vector<std::string> words) {
  const std::vector<std::string>& env = session.options().environment;
  TRY_ASSIGN(std::string go, find_program("go", env));
  words.insert(words.begin(), go);
  return output_of_go(session, {words, env, folder, {}});
}

// The folder of the module on a line, then what go lists of it.
Result<std::string> root_and_packages(Session& session,
                                      const fs::path& folder) {
  TRY_ASSIGN(std::string file, ask_go(session, folder, {"env", "GOMOD"}));
  std::string go_mod(lines_of(file).empty() ? "" : lines_of(file)[0]);
  if (go_mod.empty() || go_mod == "/dev/null") {
    return usage_error("no Go module: there is no go.mod in " +
                       for_one_line(folder.string()) + " or above");
  }
  fs::path root = fs::path(go_mod).parent_path();
  TRY_ASSIGN(std::string listed, ask_go(session, root,
                                        {"list", "-e", "-json=false", "-f",
                                         kPackageForm, "./..."}));
  return root.string() + "\n" + listed;
}

std::vector<std::string> exec_of(const fs::path& root) {
  for (const char* name : kMakefiles) {
    if (auto text = read_file(AT_FDCWD, (root / name).string())) {
      return exec_in_makefile(*text);
    }
  }
  return {};
}

// Of a line of make's, from behind -exec: what the shell makes one word of.
std::string one_word(std::string_view rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(" =\t"), rest.size()));
  bool quoted = rest.starts_with('\'') || rest.starts_with('"');
  std::size_t from = quoted ? 1 : 0;
  std::size_t to =
      quoted ? rest.find(rest[0], 1) : rest.find_first_of(" \t", from);
  return to == std::string_view::npos && quoted
             ? ""
             : std::string(rest.substr(from, to - from));
}

}  // namespace

std::vector<ModulePackage> packages_from(const std::string& listed,
                                         const fs::path& root) {
  std::vector<ModulePackage> out;
  for (std::string_view line : lines_of(listed)) {
    std::vector<std::string> words;
    for (std::size_t tab = 0; words.size() < 4 && tab != line.npos;) {
      tab = line.find('\t');
      words.emplace_back(line.substr(0, tab));
      line.remove_prefix(tab == line.npos ? line.size() : tab + 1);
    }
    fs::path below = fs::path(line).lexically_relative(root);
    if (words.size() < 4 || below.empty() || *below.begin() == "..") {
      continue;
    }
    out.push_back({below == "." ? "." : "./" + below.string(),
                   words[0] == "main", words[1] != "0" || words[2] != "0",
                   !words[3].empty()});
  }
  return out;
}

std::vector<std::string> exec_in_makefile(const std::string& text) {
  for (std::string_view line : lines_of(text)) {
    std::size_t test = line.find(" test ");
    std::size_t exec = line.find(kExec, test == line.npos ? 0 : test);
    if (test == line.npos || exec == line.npos || line.starts_with('#')) {
      continue;
    }
    std::string word = one_word(line.substr(exec + kExec.size()));
    return word.find('$') == std::string::npos ? words_of_goflags(word)
                                               : std::vector<std::string>();
  }
  return {};
}

Result<UserModule> look_at_module(const fs::path& folder,
                                  const Session::Options& options) {
  TRY_ASSIGN(std::string text, do_aside(options, [&](Session& session) {
               return root_and_packages(session, folder);
             }));
  std::size_t line = text.find('\n');
  UserModule out;
  out.root = text.substr(0, line);
  out.packages = packages_from(text.substr(line + 1), out.root);
  out.exec = exec_of(out.root);
  return out;
}

}  // namespace faultrig
