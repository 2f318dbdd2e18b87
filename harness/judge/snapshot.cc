// One run beside those of a snapshot. Of what flaps nobody knows on which side
// it would be next: it is no difference. Of what this run could not show it is
// not known whether it is the same.
#include "harness/model/snapshot.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "harness/base/text.h"
#include "harness/judge/expectations.h"
#include "harness/judge/features.h"
#include "harness/judge/finding.h"

namespace faultrig {

namespace {

constexpr int kWhole = 10000;  // of a share
constexpr std::int64_t kOfThousandth = 10;
constexpr std::size_t kMostNamed = 5;

Section snapshot_section() {
  Section section;
  section.name = "snapshot";
  section.summary =
      "does the run show what faultrig record has kept: how it ends, its "
      "tests, its calls, errors and waits?";
  section.fields = {
      {.key = "like",
       .kind = Kind::text,
       .summary = "the file that faultrig record wrote, relative to the "
                  "scenario",
       .required = true},
      {.key = "score",
       .kind = Kind::share,
       .summary = "so much is the same: what both show in all runs, by that "
                  "and what is new or gone; at least 1.0, all of it, if it is "
                  "absent"}};
  section.shorthand = "like";
  return section;
}

void add_names(const char* head, const std::vector<Feature>& all,
               std::vector<std::string>& out) {
  for (std::size_t i = 0; i < std::min(all.size(), kMostNamed); ++i) {
    out.push_back(head + all[i].text());
  }
  if (all.size() > kMostNamed) {
    out.push_back("... and " + std::to_string(all.size() - kMostNamed) +
                  " more");
  }
}

std::string told(const Compared& seen, const Snapshot& base,
                 const Evidence& evidence) {
  std::vector<std::string> parts{"score " + score_text(seen.score())};
  add_names("new: ", seen.fresh, parts);
  add_names("gone: ", seen.gone, parts);
  const Provenance& here = evidence.provenance();
  if (!base.faultrig.empty() && base.faultrig != here.faultrig) {
    parts.push_back("recorded by faultrig " + for_one_line(base.faultrig) +
                    ", run by " + here.faultrig);
  }
  if (!base.go.empty() && base.go != here.go) {
    parts.push_back("recorded with " + for_one_line(base.go) + ", run with " +
                    here.go);
  }
  return join(parts, "; ");
}

// What the snapshot has and the run could not show; empty: nothing.
std::string not_shown(const Snapshot& base, const Snapshot& run) {
  for (const auto& [kind, why] : run.unseen) {
    if (!base.unseen.contains(kind)) {
      return std::string(feature_kind_name(kind)) + ": " + why;
    }
  }
  return "";
}

Finding check(const Params& params, const Evidence& evidence) {
  const auto* text = params.find<std::string>(std::string(kSnapshotText));
  if (text == nullptr) {
    return cannot_tell("the snapshot is not here");
  }
  auto base = parse_snapshot(*text);
  if (!base) {
    return cannot_tell("the snapshot, line " + base.error().what);
  }
  auto wanted = params.get_or(
      "score", NumberTest{NumberTest::Operator::at_least, kWhole});
  Snapshot run = snapshot_of({features_of(evidence, true)});
  Compared seen = compare_snapshots(*base, run);
  std::string missing = not_shown(*base, run);
  std::string because = told(seen, *base, evidence);
  bool settled = !seen.same() && wanted.number == kWhole &&
                 wanted.op == NumberTest::Operator::at_least;
  if (!missing.empty() && !settled) {
    return cannot_tell("this run could not show " + missing + " (" + because +
                       ")");
  }
  if (seen.kinds.empty()) {
    return cannot_tell("nothing was seen in both");
  }
  return answer(wanted.holds(seen.score() * kOfThousandth), because, evidence);
}

}  // namespace

const ExpectationType& snapshot_expectation() {
  static const Section section = snapshot_section();
  static const ExpectationType type{&section, check};
  return type;
}

}  // namespace faultrig
