#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// A row of a table: its cells by the names of their columns.
using TsvRow = std::map<std::string, std::string, std::less<>>;

// The rows of a table whose cells stand between tabs, and whose first line
// names the columns. Cells that a row lacks, it does not have; those beyond the
// last column are left out. Row i is line i + 2 of the text.
std::vector<TsvRow> tsv_rows(std::string_view text);

// The cell, or nothing in it.
std::string cell_of(const TsvRow& row, std::string_view column);

// What stands between blanks or tabs: `oom_kill sigterm`.
std::vector<std::string> words_of(std::string_view text);

}  // namespace faultrig
