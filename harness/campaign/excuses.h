#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/campaign/sink.h"
#include "harness/model/quarantined.h"
#include "harness/model/verdict.h"

namespace faultrig {

// Which verdicts are known, and so not red: those of a baseline, and those of
// what is in quarantine until its day has passed.
class Excuses {
 public:
  // What did not pass in an earlier report, called `file`, and came to the
  // same there however often it was run.
  void add_baseline(const std::vector<Judgement>& earlier,
                    const std::string& file);
  // `today` as in Quarantined::until.
  void add_quarantine(std::vector<Quarantined> rows, const std::string& today);
  // Names of --quarantine that are of none of these scenarios.
  std::vector<std::string> unknown(
      const std::vector<std::string>& scenarios) const;
  // The same, with apart.excused or with a finding that says that its
  // quarantine is over. What passed, or was not run, stays as it is.
  Judgement looked_at(Judgement judgement) const;

 private:
  struct Known {
    Verdict verdict = Verdict::fail;
    std::string observed;
    auto operator<=>(const Known&) const = default;  // NOLINT: clang 14
  };
  static Known known_of(const Judgement& judgement);
  bool is_known(const Judgement& judgement) const;
  const Quarantined* row_of(const std::string& scenario) const;

  std::string baseline_;
  std::map<std::string, Known> known_;  // by the scenario's file
  std::vector<Quarantined> quarantine_;
  std::string today_;
};

// Hands on what a campaign tells, with excuses.
class ExcusedSink : public Sink<Judgement> {
 public:
  // Both must outlive it.
  ExcusedSink(const Excuses& excuses, Sink<Judgement>& next)
      : excuses_(excuses), next_(next) {}
  void progress(const std::string& what) override { next_.progress(what); }
  void begun(const std::string& scenario, int repeat) override {
    next_.begun(scenario, repeat);
  }
  void result(const Judgement& judgement) override {
    next_.result(excuses_.looked_at(judgement));
  }

 private:
  const Excuses& excuses_;
  Sink<Judgement>& next_;
};

}  // namespace faultrig
