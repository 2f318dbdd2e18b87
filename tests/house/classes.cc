// A class is measured, not its file: one that is cut into four files is as
// large as it was. Read by braces, as clang-format leaves them.
#include "tests/house/classes.h"

#include <algorithm>

#include <re2/re2.h>

namespace house {
namespace {

constexpr LargeClass kMost{25, 15, 400};

int lines_in(std::string_view text) {
  return 1 + static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

// Behind the brace that closes the one at `open`.
std::size_t behind_block(const std::string& code, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < code.size(); ++at) {
    depth += code[at] == '{' ? 1 : code[at] == '}' ? -1 : 0;
    if (depth == 0) {
      return at + 1;
    }
  }
  return code.size();
}

// `map<int, vector<int>> x` is `map x`.
std::string without_angles(const std::string& code) {
  std::string out;
  int depth = 0;
  for (char letter : code) {
    depth += letter == '<' ? 1 : 0;
    out += depth == 0 ? std::string(1, letter) : "";
    depth -= letter == '>' && depth > 0 ? 1 : 0;
  }
  return out;
}

std::string trimmed(std::string text) {
  RE2::Replace(&text, R"(^(\s|public:|private:|protected:)+)", "");
  return text;
}

bool names_a_type(const std::string& statement) {
  return RE2::PartialMatch(statement, R"(^(class|struct|enum|union)\b)");
}

bool is_function(const std::string& statement) {
  std::string plain = without_angles(statement);
  std::size_t paren = plain.find('(');
  return plain.find("operator") != std::string::npos ||
         (paren != std::string::npos && paren < plain.find('='));
}

// Counts what one statement of a class declares.
void count(const std::string& statement, ClassShape& shape) {
  static const RE2 kNothing(
      R"(^$|^(using|friend|typedef|static_assert|static constexpr)\b)");
  static const RE2 kGiven(R"(= (default|delete)$)");
  if (RE2::PartialMatch(statement, kNothing) || names_a_type(statement) ||
      RE2::PartialMatch(statement, kGiven)) {
    return;
  }
  ++(is_function(statement) ? shape.methods : shape.members);
}

// `body` is what stands between the braces.
void count_all(const std::string& body, ClassShape& shape) {
  std::string statement;
  for (std::size_t at = 0; at < body.size(); ++at) {
    if (body[at] == ';') {
      count(trimmed(statement), shape);
      statement.clear();
    } else if (body[at] == '{') {
      at = behind_block(body, at) - 1;
      std::string declared = trimmed(statement);
      if (!names_a_type(declared) && is_function(declared)) {
        count(declared, shape);
        statement.clear();
      }
    } else {
      statement += body[at];
    }
  }
}

void add_classes(const std::string& path, const std::string& code,
                 std::vector<ClassShape>& out) {
  static const RE2 kClass(
      R"((?m)(\benum\s+)?\b(?:class|struct)\s+(\w+)(?:\s+final)?)"
      R"((?:\s*:[^;{}()]*)?\s*\{)");
  re2::StringPiece rest(code);
  std::string is_enum;
  ClassShape shape{"", path};
  while (RE2::FindAndConsume(&rest, kClass, &is_enum, &shape.name)) {
    if (!is_enum.empty()) {
      continue;
    }
    auto open = static_cast<std::size_t>(rest.data() - code.data()) - 1;
    std::size_t end = behind_block(code, open);
    std::string body = code.substr(open + 1, end - open - 2);
    ClassShape found{shape.name, path, 0, 0, lines_in(body)};
    count_all(body, found);
    out.push_back(found);
  }
}

// Lines of methods that are defined outside of their class, by its name.
void add_lines(const std::string& code, std::map<std::string, int>& lines) {
  static const RE2 kMethod(R"((?m)^[^\s#}].*?\b(\w+)::~?\w+\()");
  std::string owner;
  std::size_t from = 0;
  while (from < code.size()) {
    re2::StringPiece rest(code.data() + from, code.size() - from);
    if (!RE2::FindAndConsume(&rest, kMethod, &owner)) {
      return;
    }
    auto at = static_cast<std::size_t>(rest.data() - code.data());
    std::size_t end = std::min(code.find("\n}\n", at), code.size());
    lines[owner] += lines_in(std::string_view(code).substr(at, end - at)) + 1;
    from = end;
  }
}

void complain_if(int is, int most, const char* what, const ClassShape& shape,
                 Complaints& complaints) {
  if (is > most) {
    complaints.push_back(shape.path + ": " + shape.name + " has " +
                         std::to_string(is) + " " + what);
  }
}

}  // namespace

std::string code_of(const std::string& text) {
  std::string code = text;
  RE2::GlobalReplace(&code, R"(R"\w*\((?s:.*?)\)\w*")", "\"\"");
  RE2::GlobalReplace(&code, R"('(\\.|[^'\\\n])')", "0");
  RE2::GlobalReplace(&code, R"("(\\.|[^"\\\n])*")", "\"\"");
  RE2::GlobalReplace(&code, R"(//[^\n]*)", "");
  return code;
}

std::vector<ClassShape> classes_of(const Tree& tree) {
  std::vector<ClassShape> out;
  std::map<std::string, int> lines;
  for (const auto& [path, text] : tree) {
    if (is_ours(path) && is_source(path)) {
      std::string code = code_of(text);
      add_classes(path, code, out);
      add_lines(code, lines);
    }
  }
  for (ClassShape& shape : out) {
    shape.lines += lines.contains(shape.name) ? lines[shape.name] : 0;
  }
  return out;
}

Complaints check_classes(const Tree& tree, const LargeClasses& known) {
  Complaints complaints;
  for (const ClassShape& shape : classes_of(tree)) {
    auto found = known.find(shape.name);
    LargeClass most = found == known.end() ? LargeClass{} : found->second;
    complain_if(shape.methods, std::max(most.methods, kMost.methods), "methods",
                shape, complaints);
    complain_if(shape.members, std::max(most.members, kMost.members), "members",
                shape, complaints);
    complain_if(shape.lines, std::max(most.lines, kMost.lines), "lines", shape,
                complaints);
  }
  return complaints;
}

}  // namespace house
