// `faultrig explain WHAT`: WHAT may be many things. A name of ours wins over a
// file of that name (`./memory` is the file), a number is an exit code.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/campaign/cause_table.h"
#include "harness/cli/arguments.h"
#include "harness/cli/command.h"
#include "harness/cli/printing.h"
#include "harness/explain/explainer.h"
#include "harness/help/help_text.h"
#include "harness/help/reference.h"
#include "harness/plan/planner.h"
#include "harness/report/explanation_text.h"
#include "harness/store/evidence_file.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kChunk = 1 << 20;

// What was asked, as the command line has it.
struct Question {
  std::string what;
  bool json = false;  // for programs
  bool all = false;   // what was outranked, too
};

// The text, and where the scenarios are that it names, if not here.
void print_with_catalogue(const std::string& text) {
  std::vector<std::string> files = scenarios_to_try(text);
  bool here =
      std::any_of(files.begin(), files.end(), [](const std::string& file) {
        std::error_code failed;
        return fs::exists(file, failed);
      });
  print(files.empty() || here ? text : text + std::string(kTryElsewhere));
}

int print_explained(const Explained& explained, const Question& asked) {
  if (asked.json) {
    print(explained_json(explained, asked.what));
  } else {
    print_with_catalogue(explained_text(explained, asked.what, asked.all));
  }
  return explained.found() ? 0 : kTrouble;
}

int explain_code(const AskedCode& asked, const std::vector<Cause>& causes,
                 bool json) {
  std::vector<Showing> showings = showings_of(asked.code, causes);
  print(json ? code_json(asked, showings) : code_text(asked, showings));
  return showings.empty() ? kTrouble : 0;
}

// GitHub gives all logs of a run in a zip, and CI systems store them in gzip.
Result<> refuse_packed(std::string_view start) {
  if (start.starts_with("PK\x03\x04")) {
    return usage_error(
        "this is a zip; try: unzip -p FILE | faultrig explain -");
  }
  if (start.starts_with("\x1f\x8b")) {
    return usage_error("this is gzip; try: zcat FILE | faultrig explain -");
  }
  return Ok{};
}

Result<Explained> explain_log(int fd, const Explainer& explainer) {
  LogExplainer log(explainer);
  std::vector<char> buffer(kChunk);
  for (bool first = true;; first = false) {
    ssize_t got = read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return system_error("read the log", errno);
    }
    if (got == 0) {
      return log.finish();
    }
    std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
    if (first) {
      TRY(refuse_packed(bytes));
    }
    log.feed(bytes);
  }
}

Result<Explained> explain_evidence(const fs::path& root,
                                   const Explainer& explainer) {
  std::vector<fs::path> folders = evidence_folders(root);
  if (folders.empty()) {
    return usage_error("no evidence.jsonl at or below " + root.string());
  }
  Explained out;
  for (const fs::path& folder : folders) {
    TRY_ASSIGN(KeptEvidence kept, read_evidence(folder));
    // A witness knows the package; scenarios have names of their own.
    std::string package = kept.scenario_yaml.empty() ? kept.scenario : "";
    Explained one = explainer.explain(Evidence(std::move(kept.parts)));
    out.packages += one.packages;
    for (Explanation& explanation : one.explanations) {
      explanation.package = package.empty() ? explanation.package : package;
      explanation.where =
          folder == root ? "" : folder.lexically_relative(root).string();
      out.explanations.push_back(std::move(explanation));
    }
  }
  return out;
}

int explain_path(const Question& asked, const std::vector<Cause>& causes) {
  Explainer explainer(causes);
  if (asked.what != "-" && fs::is_directory(asked.what)) {
    auto explained = explain_evidence(asked.what, explainer);
    return explained ? print_explained(*explained, asked)
                     : tell(explained.error());
  }
  Fd file;
  if (asked.what != "-") {
    auto opened = open_file(AT_FDCWD, asked.what, O_RDONLY);
    if (!opened) {
      return tell(opened.error());
    }
    file = std::move(*opened);
  }
  auto explained = explain_log(file ? file.get() : STDIN_FILENO, explainer);
  return explained ? print_explained(*explained, asked)
                   : tell(explained.error());
}

int explain_nothing() {
  print("faultrig explains: " + join(names_with_help(full_language()), ", ") +
        "\nand exit codes, causes (faultrig explain causes), logs of go test, "
        "evidence\n");
  return 0;
}

std::string all_causes(const std::vector<Cause>& causes) {
  std::string out;
  for (const Cause& cause : causes) {
    out += cause_text(cause) + "\n";
  }
  return out;
}

std::optional<std::string> text_of_name(const std::string& name,
                                        const std::vector<Cause>& causes) {
  if (name == "everything") {
    return reference_page(full_language(), injector_proofs());
  }
  if (name == "causes") {
    return all_causes(causes);
  }
  if (auto text = help_of(name, full_language(), injector_proofs())) {
    return text;
  }
  for (const Cause& cause : causes) {
    if (cause.id == name) {
      return cause_text(cause);
    }
  }
  return std::nullopt;
}

int explain_unknown(const std::string& what, const std::vector<Cause>& causes) {
  std::vector<std::string> names = names_with_help(full_language());
  for (const Cause& cause : causes) {
    names.push_back(cause.id);
  }
  complain("faultrig: nothing is called '" + for_one_line(what) +
           "', and no file either" + suggestion(what, names) +
           "; try: faultrig explain\n");
  return kUsage;
}

class ExplainCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.word("WHAT", asked_.what,
                   "an exit code; a log of go test, or - for stdin; a folder "
                   "of evidence; a cause, an injector, an expectation, `when`, "
                   "...; none: a list of names");
    arguments.flag("--json", asked_.json, "for programs");
    arguments.flag("--all", asked_.all,
                   "also what else matched, and was outranked");
  }

  int run(const Surroundings&) override {
    if (asked_.what.empty()) {
      return explain_nothing();
    }
    auto causes = cause_table();
    if (!causes) {
      return tell(causes.error());
    }
    if (auto code = asked_code(asked_.what)) {
      return explain_code(*code, *causes, asked_.json);
    }
    if (auto text = text_of_name(asked_.what, *causes)) {
      print_with_catalogue(*text);
      return 0;
    }
    std::error_code failed;
    if (asked_.what == "-" || fs::exists(asked_.what, failed)) {
      return explain_path(asked_, *causes);
    }
    return explain_unknown(asked_.what, *causes);
  }

 private:
  Question asked_;
};

}  // namespace

CommandType explain_command() {
  return command_type<ExplainCommand>(
      "explain", "say why a run failed, what a code or a name means",
      "go test ./... 2>&1 | faultrig explain -\n"
      "Exit codes: 0 a cause was found or the name is known, 3 none was "
      "found.");
}

}  // namespace faultrig
