#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "harness/explain/seen.h"
#include "harness/explain/sight_match.h"
#include "harness/model/cause.h"
#include "harness/model/evidence.h"
#include "harness/model/explanation.h"

namespace faultrig {

// Names causes. Pure: the same input gives the same answer, whatever the
// machine.
class Explainer {
 public:
  // `causes` must outlive it and what it returns.
  explicit Explainer(const std::vector<Cause>& causes);

  // Nothing if it was clean and nothing speaks against it.
  std::optional<Explanation> explain(const Seen& seen) const;

  // Nothing if the table has no such row.
  const Cause* cause_named(std::string_view id) const;

  // What each package of a finished run, or its command, came to.
  Explained explain(const Evidence& evidence) const;

 private:
  struct Row {
    const Cause* cause;
    std::vector<SightMatch> sights;
  };
  struct Hit {
    Named named;
    std::vector<Quote> quotes;
    bool by_words = false;  // of a crash, or that anything may print
    bool of_a_crash = false;
    bool of_any_panic = false;  // see SightMatch::may_be_of_another_panic
    std::vector<std::string_view> against;
  };
  static Hit hit_of(const Cause& cause, const SightMatch& sight,
                    const Seen& seen, std::vector<Quote> quotes);
  // All that match, the highest rank first.
  std::vector<Hit> hits(const Seen& seen) const;
  using Hits = std::vector<Hit>;
  void add_among(const Hit& hit, Explanation& out) const;
  static void add_place_of_panic(const Hits& found, Explanation& out);

  const std::vector<Cause>& causes_;
  std::vector<Row> rows_;
};

// Feeds a log, piece by piece, and collects what there is to say.
class LogExplainer {
 public:
  explicit LogExplainer(const Explainer& explainer);
  ~LogExplainer();
  LogExplainer(const LogExplainer&) = delete;
  LogExplainer& operator=(const LogExplainer&) = delete;

  void feed(std::string_view bytes);
  Explained finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace faultrig
