#include "harness/report/atlas_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/text.h"

namespace faultrig {

namespace {

constexpr std::size_t kName = 28;

// What the log says of the cause: nothing behind the code when it names it.
std::string_view mark_of(const AtlasCell& cell) {
  bool several = cell.outcome.starts_with("1 of ");
  return cell.outcome.empty() || cell.outcome == "right" ? ""
         : several                                       ? "~"
                                                         : "?";
}

std::string cell_text(const AtlasRow& row, std::string_view key) {
  auto cell = row.cells.find(key);
  return cell == row.cells.end()
             ? "-"
             : cell->second.shows + std::string(mark_of(cell->second));
}

std::string short_end(const std::string& end) {
  return end == "never_started" ? "-" : end;
}

std::string outcome_cell(const AtlasRow& row, std::string_view key) {
  auto cell = row.cells.find(key);
  return cell == row.cells.end() ? "-" : cell->second.outcome;
}

std::string version_of(std::span<const AtlasRow> rows) {
  for (const AtlasRow& row : rows) {
    if (!row.go.empty()) {
      return row.go;
    }
  }
  return "no go";
}

}  // namespace

std::string atlas_head() {
  std::string out = fmt::format("{:<{}} {:<8}", "cause", kName, "binary");
  for (const AtlasColumn& column : atlas_columns()) {
    out += fmt::format(" {:<5}", column.brief);
  }
  return out + " lost at\n";
}

std::string atlas_line(const AtlasRow& row) {
  std::string out = fmt::format("{:<{}}", for_one_line(row.cause), kName);
  if (!row.skipped.empty()) {
    return out + " skipped: " + for_one_line(row.skipped) + "\n";
  }
  out += fmt::format(" {:<8}", short_end(row.binary));
  for (const AtlasColumn& column : atlas_columns()) {
    out += fmt::format(" {:<5}", cell_text(row, column.key));
  }
  out += " " + lost_at(row);
  out.erase(out.find_last_not_of(' ') + 1);
  return out + "\n";
}

std::string atlas_legend() {
  return "\nAn exit code is what a shell has in $?. Behind it, of the log: ~ "
         "the "
         "cause is one\nof several that it allows, ? it says nothing. A binary "
         "- never started.\n";
}

std::string atlas_page_row(const AtlasRow& row) {
  std::string out =
      fmt::format("| [{}](../scenarios/{}.yaml) | {} | {} |", row.cause,
                  row.scenario, row.title, short_end(row.binary));
  for (const AtlasColumn& column : atlas_columns()) {
    std::string text = cell_text(row, column.key);
    out += " " + text + " |";
  }
  std::string lost = lost_at(row);
  return out + " " + lost + (lost.empty() ? "|" : " |");
}

std::string atlas_page(std::span<const AtlasRow> rows) {
  std::string out = fmt::format(
      "# The atlas of exit codes\n\n"
      "Every cause that faultrig knows, provoked with {} by its scenario, and "
      "what each\nway of starting the test made of it. This page is the output "
      "of\n\n    faultrig atlas --markdown\n\n"
      "and `ctest -R circle` fails when it is no longer true. An exit code is "
      "what a\nshell has in `$?`. Behind it, of the log: `~` the cause is one "
      "of several that the\nlog allows, `?` the log says nothing about it. A "
      "binary `-` never started; a cell\n`-` is a way that the cause does not "
      "go. `sh` and the pipeline start the test\nbinary themselves; `go run` "
      "starts it in place of its own program. What a single\ncolumn hides is "
      "told by `faultrig witness` and by the evidence of a run.\n\n"
      "| cause | what happened | binary |",
      version_of(rows));
  std::string rule = "|---|---|---|";
  for (const AtlasColumn& column : atlas_columns()) {
    out += fmt::format(" {} |", column.title);
    rule += "---|";
  }
  out += " lost at |\n" + rule + "---|\n";
  for (const AtlasRow& row : rows) {
    out += row.skipped.empty() ? atlas_page_row(row) + "\n" : "";
  }
  return out;
}

std::string precision_page_row(const AtlasRow& row) {
  return fmt::format("| {} | {} | {} | {} | {} |", row.cause,
                     outcome_cell(row, "text"), outcome_cell(row, "v"),
                     outcome_cell(row, "json"), row.evidence);
}

std::string precision_page(std::span<const AtlasRow> rows) {
  std::size_t wrong = 0;
  std::string table;
  for (const AtlasRow& row : rows) {
    std::string line = precision_page_row(row);
    wrong += line.find("wrong:") != std::string::npos ? 1 : 0;
    table += row.skipped.empty() ? line + "\n" : "";
  }
  return fmt::format(
             "# How far explanations can be trusted\n\n"
             "Each cause is provoked by its scenario, with {}, and explained "
             "from what is\nleft: the output of `go test`, `go test -v`, `go "
             "test -json`, and the evidence of\nthe run. *right*: this cause "
             "and no other is named. *1 of N*: a symptom is named,\nand this "
             "cause is among the N that look like it. *none*: the log does not "
             "show\nit, and the explanation says so. Wrong in {} rows. `-`: "
             "not "
             "a run of go test.\nRenewed by `faultrig atlas --precision`, "
             "checked by `ctest -R circle`.\n\n"
             "Logs as people have them are in `tests/field`, with their right "
             "answers:\n`faultrig atlas --score tests/field` explains and "
             "counts them, or those of any\nother folder with a `cases.tsv` "
             "of that form. A test counts them, too, and holds this "
             "table:\n\n"
             "| folder | logs | right | undecided | none | wrong |\n"
             "|---|---|---|---|---|---|\n"
             "| tests/field | 336 | 301 | 35 | 0 | 0 |\n\n"
             "| cause | go test | -v | -json | evidence |\n"
             "|---|---|---|---|---|\n",
             version_of(rows), wrong) +
         table;
}

}  // namespace faultrig
