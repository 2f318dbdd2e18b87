#pragma once

#include <span>
#include <string>

#include "harness/base/result.h"
#include "harness/model/atlas.h"

namespace faultrig {

// The atlas on a terminal: a line of at most 80 columns for each cause.
std::string atlas_head();
std::string atlas_line(const AtlasRow& row);
std::string atlas_legend();

// docs/exit-codes.md.
std::string atlas_page(std::span<const AtlasRow> rows);
// The row of a cause in it, and in docs/precision.md.
std::string atlas_page_row(const AtlasRow& row);
std::string precision_page(std::span<const AtlasRow> rows);
std::string precision_page_row(const AtlasRow& row);

// For programs; and one row on one line, to hand it to another process.
std::string atlas_json(std::span<const AtlasRow> rows);
std::string atlas_row_line(const AtlasRow& row);
// An internal error if it is none.
Result<AtlasRow> parse_atlas_row_line(const std::string& line);

}  // namespace faultrig
