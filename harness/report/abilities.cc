#include "harness/report/abilities.h"

#include <sstream>

#include <nlohmann/json.hpp>

#include "harness/base/text.h"

namespace faultrig {

namespace {

constexpr std::size_t kNameWidth = 22;
constexpr std::size_t kThereWidth = 7;
constexpr std::size_t kTextWidth = 80 - kNameWidth - kThereWidth;

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

// As much of a word as fits on a line of its own; a path is cut at a slash.
std::string take_piece(std::string& word) {
  if (word.size() <= kTextWidth) {
    return std::exchange(word, "");
  }
  std::size_t slash = word.rfind('/', kTextWidth);
  std::size_t end =
      slash == std::string::npos || slash == 0 ? kTextWidth : slash;
  std::string piece = word.substr(0, end);
  word.erase(0, end);
  return piece;
}

std::vector<std::string> wrapped(const std::string& text) {
  std::vector<std::string> lines{""};
  std::istringstream words(for_one_line(text));
  for (std::string word; words >> word;) {
    while (!word.empty()) {
      std::string piece = take_piece(word);
      std::string& line = lines.back();
      if (line.empty()) {
        line = piece;
      } else if (line.size() + 1 + piece.size() <= kTextWidth) {
        line += " " + piece;
      } else {
        lines.push_back(piece);
      }
    }
  }
  return lines;
}

void add_row(std::string& out, const Ability& ability) {
  std::string head = padded(ability.name, kNameWidth) +
                     padded(ability.there ? "yes" : "no", kThereWidth);
  std::vector<std::string> lines = wrapped(ability.why);
  if (!ability.there && !ability.get.empty()) {
    for (std::string& line : wrapped("get it: " + ability.get)) {
      lines.push_back(std::move(line));
    }
  }
  for (const std::string& line : lines) {
    out += head + line + "\n";
    head = std::string(kNameWidth + kThereWidth, ' ');
  }
}

}  // namespace

std::string abilities_text(const Machine& machine) {
  std::string out = machine.kernel + ", as " +
                    (machine.root ? "root" : "an ordinary user") + "\n\n" +
                    padded("ability", kNameWidth) +
                    padded("there", kThereWidth) + "why; how to get it\n";
  for (const Ability& ability : machine.abilities) {
    add_row(out, ability);
  }
  return out;
}

std::string abilities_json(const Machine& machine) {
  using Json = nlohmann::ordered_json;
  Json json;
  json["faultrig"] = FAULTRIG_VERSION;
  json["kernel"] = valid_utf8(machine.kernel);
  json["root"] = machine.root;
  json["abilities"] = Json::array();
  for (const Ability& ability : machine.abilities) {
    Json row;
    row["name"] = ability.name;
    row["there"] = ability.there;
    row["why"] = valid_utf8(ability.why);
    if (!ability.there && !ability.get.empty()) {
      row["get"] = ability.get;
    }
    json["abilities"].push_back(row);
  }
  return json.dump(2) + "\n";
}

}  // namespace faultrig
