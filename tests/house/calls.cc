// Who calls what, by names: enough to see what nobody calls, and where the
// rest of the house knows an injector by its name.

#include <algorithm>
#include <map>
#include <set>

#include <re2/re2.h>

#include "tests/house/checks.h"
#include "tests/house/classes.h"

namespace house {
namespace {

// Functions that a header declares, at the depth of a namespace or a class.
std::set<std::string> declared_in(const std::string& code) {
  static const RE2 kDeclared(
      R"((?m)^(?:  )?(?:\[\[\w+\]\] )?[A-Za-z_][\w:<>,&*\s\[\]]*?[\s&*])"
      R"(([a-z_]\w*)\([^;{}]*\)\s*(?:const|noexcept|override|\s)*[;{])");
  std::set<std::string> out;
  re2::StringPiece rest(code);
  std::string name;
  while (RE2::FindAndConsume(&rest, kDeclared, &name)) {
    out.insert(name);
  }
  return out;
}

// Made from a row of a .def, and called by a macro.
bool is_of_a_table(const std::string& name) {
  static const RE2 kTables("\\w+_(injector|expectation|command|report)");
  return RE2::FullMatch(name, kTables);
}

// Every word that stands within a function, a class or an initializer; what
// begins in the first column, and the name that a line of a header declares, is
// no call.
void add_used(const std::string& path, const std::string& code,
              std::set<std::string>& used) {
  static const RE2 kWord(R"(\b([a-z_]\w*)\b)");
  static const RE2 kDeclared(
      R"(^(?:  )?(?:\[\[\w+\]\] )?[A-Za-z_][\w:<>,&* ]*[ &*]\w+(\(.*)$)");
  bool header = path.ends_with(".h");
  for (const std::string& line : lines_of(code)) {
    bool outside = !line.empty() && line[0] != ' ' && line[0] != '#' &&
                   line.find('=') == std::string::npos;
    if (outside && !header) {
      continue;
    }
    std::string behind;
    bool declares = header && line.find("return ") == std::string::npos &&
                    RE2::FullMatch(line, kDeclared, &behind);
    re2::StringPiece rest(declares ? behind : line);
    std::string word;
    while (RE2::FindAndConsume(&rest, kWord, &word)) {
      used.insert(word);
    }
  }
}

std::set<std::string> injectors_of(const Tree& tree) {
  auto list = tree.find("injectors/injectors.def");
  std::set<std::string> out;
  if (list != tree.end()) {
    for (const std::string& name :
         all_matches(list->second, R"(^INJECTOR\((\w+)\))")) {
      out.insert(name);
    }
  }
  return out;
}

}  // namespace

Complaints check_calls(const Tree& tree) {
  std::map<std::string, std::string> declared;
  std::set<std::string> used;
  for (const auto& [path, text] : tree) {
    if (!is_source(path) || path.starts_with("scenarios/")) {
      continue;
    }
    std::string code = code_of(text);
    if (is_ours(path) && path.ends_with(".h")) {
      for (const std::string& name : declared_in(code)) {
        declared.emplace(name, path);
      }
    }
    add_used(path, code, used);
  }
  Complaints complaints;
  for (const auto& [name, path] : declared) {
    if (!used.contains(name) && !is_of_a_table(name)) {
      complaints.push_back(path + ": nobody calls " + name + "()");
    }
  }
  return complaints;
}

std::map<std::string, int> injector_words(const Tree& tree) {
  std::set<std::string> names = injectors_of(tree);
  std::map<std::string, int> out;
  for (const auto& [path, text] : tree) {
    if (!path.starts_with("harness/") || !is_source(path)) {
      continue;
    }
    for (const std::string& word : all_matches(text, R"re("(\w+)")re")) {
      out[path] += names.contains(word) ? 1 : 0;
    }
  }
  std::erase_if(out, [](const auto& row) { return row.second == 0; });
  return out;
}

}  // namespace house
