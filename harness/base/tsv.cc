#include "harness/base/tsv.h"

#include <algorithm>

#include "harness/base/text.h"

namespace faultrig {

namespace {

std::vector<std::string> split(std::string_view text, char by) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= text.size();) {
    std::size_t end = std::min(text.find(by, at), text.size());
    out.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

}  // namespace

std::vector<TsvRow> tsv_rows(std::string_view text) {
  std::vector<TsvRow> rows;
  std::vector<std::string> columns;
  for (std::string_view line : lines_of(text)) {
    std::vector<std::string> cells = split(line, '\t');
    if (columns.empty()) {
      columns = std::move(cells);
      continue;
    }
    TsvRow& row = rows.emplace_back();
    for (std::size_t i = 0; i < std::min(cells.size(), columns.size()); ++i) {
      row[columns[i]] = cells[i];
    }
  }
  return rows;
}

std::string cell_of(const TsvRow& row, std::string_view column) {
  auto cell = row.find(column);
  return cell == row.end() ? "" : cell->second;
}

std::vector<std::string> words_of(std::string_view text) {
  std::string blanks(text);
  std::replace(blanks.begin(), blanks.end(), '\t', ' ');
  std::vector<std::string> out = split(blanks, ' ');
  std::erase(out, "");
  return out;
}

}  // namespace faultrig
