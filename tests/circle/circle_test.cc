// The circle: the scenario of each cause is run, and from what it leaves the
// same cause is named. No explanation may name another one. To renew the pages:
//   faultrig atlas --markdown > docs/exit-codes.md
//   faultrig atlas --precision > docs/precision.md
#include <fcntl.h>

#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

#include "harness/base/fd.h"
#include "harness/base/text.h"
#include "harness/campaign/atlas_row.h"
#include "harness/campaign/cause_table.h"
#include "harness/report/atlas_text.h"
#include "tests/injectors/rig.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

const std::vector<Cause>& causes() {
  static const std::vector<Cause> table = cause_table().value();
  return table;
}

// A general cause is a symptom: its proof is what it may be.
std::vector<const Cause*> provoked() {
  std::vector<const Cause*> out;
  for (const Cause& cause : causes()) {
    if (!cause.general) {
      out.push_back(&cause);
    }
  }
  return out;
}

std::string catalogue() { return source_dir() + "/scenarios"; }

std::string page(const std::string& name) {
  return read_file(AT_FDCWD, source_dir() + "/docs/" + name).value_or("");
}

// `go1.26` of `go1.26.8`.
std::string release_of(const std::string& version) {
  return version.substr(0, version.find('.', version.find('.') + 1));
}

// Hidden in every Go, or, as `text@1.19`, in one.
bool is_hidden(const Cause& cause, const std::string& form,
               const std::string& go) {
  const auto& hidden = cause.hidden;
  auto has = [&](const std::string& entry) {
    return std::find(hidden.begin(), hidden.end(), entry) != hidden.end();
  };
  std::string release = release_of(go);
  bool named = release.starts_with("go");
  return has(form) || (named && has(form + "@" + release.substr(2)));
}

// FAULTRIG_CIRCLE=go_test: those columns alone, for a second version of Go.
AtlasWidth width() {
  const char* text = std::getenv("FAULTRIG_CIRCLE");  // NOLINT
  return text == nullptr ? AtlasWidth::all : AtlasWidth::go_test;
}

class Circle : public ::testing::TestWithParam<const Cause*> {};

TEST_P(Circle, NamesTheCauseThatWasProvoked) {
  static const Explainer explainer(causes());
  const Cause& cause = *GetParam();
  AtlasRow row =
      atlas_row(Rig::session(), cause, catalogue(), explainer, width());
  if (!row.skipped.empty()) {
    GTEST_SKIP() << row.skipped;
  }
  for (const auto& [key, cell] : row.cells) {
    bool silent = cell.outcome.empty() || is_hidden(cause, key, row.go);
    EXPECT_FALSE(cell.outcome.starts_with("wrong") ||
                 (cell.outcome == "none" && !silent))
        << key << " gave " << cell.outcome << "\n"
        << provoke(Rig::session(), cause, catalogue(), key)->log;
  }
  // A plain go test does not say which of two false greens it was.
  EXPECT_TRUE(row.evidence == "right" || row.evidence.starts_with("1 of "))
      << row.evidence;
  // Another Go may hide more or less; no Go may make it wrong.
  std::string kept = page("exit-codes.md");
  if (!row.go.empty() &&
      kept.find(release_of(row.go) + ".") != std::string::npos) {
    EXPECT_TRUE(kept.find(atlas_page_row(row)) != std::string::npos)
        << "docs/exit-codes.md lacks\n"
        << atlas_page_row(row);
    EXPECT_TRUE(page("precision.md").find(precision_page_row(row)) !=
                std::string::npos)
        << "docs/precision.md lacks\n"
        << precision_page_row(row);
  }
}

INSTANTIATE_TEST_SUITE_P(All, Circle, ::testing::ValuesIn(provoked()),
                         [](const auto& chosen) { return chosen.param->id; });

}  // namespace
}  // namespace faultrig
