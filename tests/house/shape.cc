#include <algorithm>
#include <set>
#include <sstream>

#include <re2/re2.h>

#include "tests/house/checks.h"

namespace house {
namespace {

constexpr std::ptrdiff_t kMaxLines = 400;
constexpr std::ptrdiff_t kMaxColumns = 80;

}  // namespace

bool is_source(std::string_view path) {
  return path.ends_with(".cc") || path.ends_with(".h");
}

bool is_ours(std::string_view path) {
  return path.starts_with("harness/") || path.starts_with("injectors/");
}

std::string layer_of(std::string_view path) {
  if (path.starts_with("harness/os/shim_")) {
    return "shim_os";
  }
  std::string layer;
  const re2::StringPiece text(path.data(), path.size());
  RE2::PartialMatch(text, "^(?:harness/)?(\\w+)/", &layer);
  return layer;
}

bool is_pure(std::string_view layer) {
  static const std::set<std::string_view> kPure{
      "model", "gostack", "crash",   "profile", "timeline", "spans", "judge",
      "sweep", "report",  "explain", "replay",  "help",     "plan"};
  return kPure.contains(layer);
}

std::vector<std::string> lines_of(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> all_matches(std::string_view text,
                                     const std::string& pattern) {
  const RE2 expression(pattern);
  std::vector<std::string> found;
  for (const std::string& line : lines_of(text)) {
    re2::StringPiece rest(line);
    std::string match;
    while (RE2::FindAndConsume(&rest, expression, &match)) {
      found.push_back(match);
    }
  }
  return found;
}

Complaints check_shape(const Tree& tree) {
  Complaints complaints;
  for (const auto& [path, text] : tree) {
    if (!is_source(path)) {
      continue;
    }
    const auto lines = std::count(text.begin(), text.end(), '\n');
    if (lines > kMaxLines) {
      complaints.push_back(path + ": " + std::to_string(lines) + " lines");
    }
    for (const std::string& line : lines_of(text)) {
      const auto columns =
          std::count_if(line.begin(), line.end(),
                        [](char byte) { return (byte & 0xc0) != 0x80; });
      if (columns > kMaxColumns) {
        complaints.push_back(path + ": too wide: " + line);
      }
    }
    if (path.ends_with(".h") && !text.starts_with("#pragma once\n")) {
      complaints.push_back(path + ": does not start with #pragma once");
    }
  }
  return complaints;
}

Complaints check_names(const Tree& tree) {
  const RE2 forbidden("(Manager|Helper|Util|Handler|Impl|Info|Data)s?");
  const RE2 forbidden_file("\\b(manager|helper|util|handler|impl|info)s?\\b");
  Complaints complaints;
  for (const auto& [path, text] : tree) {
    if (!is_source(path)) {
      continue;
    }
    std::string stem = path;
    std::replace(stem.begin(), stem.end(), '_', ' ');
    if (RE2::PartialMatch(stem, forbidden_file)) {
      complaints.push_back(path + ": says nothing as a name");
    }
    const std::string declared =
        "^\\s*(?:enum class|class|struct|enum|union|using|concept) "
        "(?:\\[\\[\\w+\\]\\] )?([A-Z]\\w*)";
    for (const std::string& name : all_matches(text, declared)) {
      for (const std::string& part : all_matches(name, "([A-Z][a-z0-9]*)")) {
        if (RE2::FullMatch(part, forbidden)) {
          complaints.push_back(path + ": says nothing as a name: " + name);
        }
      }
    }
  }
  return complaints;
}

Complaints check_words(const Tree& tree) {
  Complaints complaints;
  for (const auto& [path, text] : tree) {
    if (!is_ours(path) || !is_source(path)) {
      continue;
    }
    if (RE2::PartialMatch(text, "\\b(std|ranges)::views\\b")) {
      complaints.push_back(path + ": clang 14 does not take std::views");
    }
    // CLI11's are what people are told of a command line.
    if (path != "harness/cli/command_line.cc" &&
        RE2::PartialMatch(text, "[.>]what\\(\\)")) {
      complaints.push_back(path + ": hands on a library's words");
    }
    if (RE2::PartialMatch(text,
                          " :\\s+(std::filesystem|fs)::(recursive_)?"
                          "directory_iterator\\(")) {
      complaints.push_back(path + ": a range-for over a folder may throw");
    }
    const bool pure = is_pure(layer_of(path));
    if (pure && RE2::PartialMatch(text, "_clock::now\\(")) {
      complaints.push_back(path + ": looks at the clock");
    }
  }
  return complaints;
}

Complaints check_types(const Tree& tree) {
  static const RE2 kType(
      "^(?:struct|class|enum class) ([A-Z]\\w+)(?: final)?(?: :[^;]*)? \\{");
  std::map<std::string, std::string> homes;
  Complaints complaints;
  for (const auto& [path, text] : tree) {
    bool unnamed = false;
    for (const std::string& line : lines_of(text)) {
      unnamed = (unnamed || line == "namespace {") && line != "}  // namespace";
      std::string name;
      if (unnamed || !is_ours(path) || !RE2::PartialMatch(line, kType, &name)) {
        continue;
      }
      auto [home, added] = homes.emplace(name, path);
      if (!added) {
        complaints.push_back(path + ": " + name + " is in " + home->second +
                             " too");
      }
    }
  }
  return complaints;
}

}  // namespace house
