#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/report/atlas_text.h"
#include "harness/report/json_words.h"

namespace faultrig {

namespace {

using Json = nlohmann::ordered_json;

Json row_json(const AtlasRow& row) {
  Json json;
  json["cause"] = row.cause;
  json["title"] = row.title;
  json["link"] = row.link;
  json["scenario"] = row.scenario;
  json["binary"] = row.binary;
  json["cells"] = Json::object();
  for (const auto& [key, cell] : row.cells) {
    json["cells"][key] = {{"shows", cell.shows}, {"outcome", cell.outcome}};
  }
  json["evidence"] = row.evidence;
  json["lost_at"] = lost_at(row);
  json["go"] = row.go;
  json["skipped"] = valid_utf8(row.skipped);
  return json;
}

}  // namespace

std::string atlas_json(std::span<const AtlasRow> rows) {
  Json json;
  json["faultrig"] = FAULTRIG_VERSION;
  json["causes"] = Json::array();
  for (const AtlasRow& row : rows) {
    json["causes"].push_back(row_json(row));
  }
  return json.dump(2) + "\n";
}

std::string atlas_row_line(const AtlasRow& row) { return row_json(row).dump(); }

Result<AtlasRow> parse_atlas_row_line(const std::string& line) {
  try {
    Json json = Json::parse(line);
    AtlasRow row;
    row.cause = json.at("cause");
    row.title = json.at("title");
    row.link = json.at("link");
    row.scenario = json.at("scenario");
    row.binary = json.at("binary");
    row.evidence = json.at("evidence");
    row.go = json.at("go");
    row.skipped = json.at("skipped");
    for (const auto& [key, cell] : json.at("cells").items()) {
      row.cells[key] = {cell.at("shows"), cell.at("outcome")};
    }
    return row;
  } catch (const Json::exception& failed) {
    return internal_error("a row is malformed: " + why_not_read(failed));
  }
}

}  // namespace faultrig
