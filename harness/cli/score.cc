// `faultrig atlas --score DIR`: how well a folder of labelled logs is
// explained. DIR/cases.tsv has the labels (harness/explain/labelled.h).
#include "harness/cli/score.h"

#include <fcntl.h>

#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "harness/base/fd.h"
#include "harness/base/text.h"
#include "harness/campaign/cause_table.h"
#include "harness/cli/named_file.h"
#include "harness/cli/printing.h"
#include "harness/explain/explainer.h"
#include "harness/explain/labelled.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

std::string said_of(const Explained& explained) {
  std::string out;
  for (const Explanation& one : explained.explanations) {
    for (const Named& named : one.causes) {
      out += fmt::format("{}{} ({})", out.empty() ? "" : ", ", named.cause->id,
                         sure_name(named.sure));
    }
  }
  return out.empty() ? "nothing" : out;
}

// The line of one log; counts its mark.
Result<std::string> score_log(const fs::path& folder, const LabelledLog& log,
                              const Explainer& explainer,
                              std::map<Mark, int>& marks) {
  TRY_ASSIGN(std::string text,
             read_file(AT_FDCWD, (folder / log.file).string()));
  LogExplainer reader(explainer);
  reader.feed(text);
  Explained explained = reader.finish();
  Mark mark = mark_of(log, explained);
  ++marks[mark];
  std::string out = fmt::format("{:9} {}: {}\n", mark_name(mark),
                                for_one_line(log.file), said_of(explained));
  bool wanted = mark != Mark::right && !log.causes.empty();
  out += wanted ? fmt::format("{:9}   right: {}\n", "", join(log.causes, " "))
                : "";
  bool words = mark != Mark::right && !log.answer.empty();
  return out + (words ? fmt::format("{:9}   {}\n", "", for_one_line(log.answer))
                      : "");
}

}  // namespace

int score_logs(const std::string& dir) {
  auto causes = cause_table();
  if (!causes) {
    return tell(causes.error());
  }
  const fs::path folder = dir;
  auto text = read_named((folder / "cases.tsv").string());
  auto logs = text ? read_labels(*text)
                   : Result<std::vector<LabelledLog>>(text.error());
  if (!logs) {
    return tell(logs.error());
  }
  Explainer explainer(*causes);
  std::map<Mark, int> marks;
  for (const LabelledLog& log : *logs) {
    auto line = score_log(folder, log, explainer, marks);
    if (!line) {
      return tell(line.error());
    }
    print(*line);
  }
  std::string sum;
  for (Mark mark : {Mark::right, Mark::undecided, Mark::none, Mark::wrong,
                    Mark::unjudged}) {
    bool told = mark != Mark::unjudged || marks[mark] > 0;
    sum += told ? fmt::format("{}{} {}", sum.empty() ? "" : ", ", marks[mark],
                              mark_name(mark))
                : "";
  }
  print(fmt::format("{} logs: {}\n", logs->size(), sum));
  return marks[Mark::wrong] > 0 ? 1 : 0;
}

}  // namespace faultrig
