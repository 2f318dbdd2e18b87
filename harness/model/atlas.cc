#include "harness/model/atlas.h"

namespace faultrig {

const std::vector<AtlasColumn>& atlas_columns() {
  static const std::vector<AtlasColumn> columns{
      {"text", "go test", "test"},
      {"v", "go test -v", "-v"},
      {"json", "go test -json", "-json"},
      {"go_run", "go run", "run"},
      {"shell", "sh", "sh"},
      {"pipeline", "sh: \\| cat", "|cat"},
  };
  return columns;
}

std::string lost_at(const AtlasRow& row) {
  for (const AtlasColumn& column : atlas_columns()) {
    auto cell = row.cells.find(column.key);
    bool told = cell == row.cells.end() || cell->second.outcome.empty() ||
                cell->second.outcome == "right";
    if (!told) {
      return column.key == "text" ? "go test" : std::string(column.brief);
    }
  }
  return "";
}

}  // namespace faultrig
