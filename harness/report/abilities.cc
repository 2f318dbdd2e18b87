#include "harness/report/abilities.h"

#include <nlohmann/json.hpp>

#include "harness/base/columns.h"
#include "harness/base/text.h"

namespace faultrig {

namespace {

constexpr std::size_t kNameWidth = 22;
constexpr std::size_t kThereWidth = 7;
constexpr std::size_t kSinceWidth = 11;
constexpr std::size_t kTextColumn = kNameWidth + kThereWidth + kSinceWidth;

std::string row_of(const Ability& ability) {
  std::string head = padded(ability.name, kNameWidth) +
                     padded(ability.there ? "yes" : "no", kThereWidth) +
                     ability.since;
  std::string out =
      wrapped(head, for_one_line(ability.why), kTextColumn, LongWord::path);
  if (!ability.there && !ability.get.empty()) {
    out += wrapped("", for_one_line("get it: " + ability.get), kTextColumn,
                   LongWord::path);
  }
  return out;
}

}  // namespace

std::string abilities_text(const Machine& machine) {
  std::string out =
      machine.kernel + ", as " + (machine.root ? "root" : "an ordinary user") +
      "\n\n" + padded("ability", kNameWidth) + padded("there", kThereWidth) +
      padded("kernel", kSinceWidth) + "why; how to get it\n";
  for (const Ability& ability : machine.abilities) {
    out += row_of(ability);
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
    if (!ability.since.empty()) {
      row["since"] = ability.since;
    }
    json["abilities"].push_back(row);
  }
  return json.dump(2) + "\n";
}

}  // namespace faultrig
