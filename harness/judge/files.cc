// Which files a service leaves. One that was never there is not gone, and one
// that was there all along was not left by this run.
#include <algorithm>
#include <optional>

#include "harness/judge/expectations.h"
#include "harness/judge/finding.h"

namespace faultrig {

namespace {

using Texts = std::vector<std::string>;

const Section& section() {
  static const Section kSection{
      .name = "files",
      .summary =
          "which files there are when the service has ended; globs, "
          "relative to where it runs",
      .fields = {{.key = "gone",
                  .kind = Kind::texts,
                  .summary = "files that were there when it was told to stop, "
                             "and are no more"},
                 {.key = "left",
                  .kind = Kind::texts,
                  .summary =
                      "files that it made or wrote, and that are there"}},
      .needs_any = true};
  return kSection;
}

std::optional<std::size_t> look_at(const Evidence& evidence,
                                   const std::string& glob,
                                   std::string_view when) {
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    if (seen.fact == Fact::files_seen && seen.path == glob &&
        seen.action == when) {
      return i;
    }
  }
  return std::nullopt;
}

Finding check_gone(const std::string& glob, const Evidence& evidence) {
  auto stop = look_at(evidence, glob, "told");
  auto end = look_at(evidence, glob, "end");
  if (!end) {
    return cannot_tell("nobody looked for " + in_quotes(glob));
  }
  if (evidence.trace()[*end].number > 0) {
    return answer(false, in_quotes(glob) + " is there", evidence, {*end});
  }
  if (!stop || evidence.trace()[*stop].number == 0) {
    return cannot_tell(
        in_quotes(glob) + " was not there when it was told to stop, either",
        {*end});
  }
  return answer(true, "", evidence, {*stop, *end});
}

Finding check_left(const std::string& glob, const Evidence& evidence) {
  auto end = look_at(evidence, glob, "end");
  if (!end) {
    return cannot_tell("nobody looked for " + in_quotes(glob));
  }
  const Observation& seen = evidence.trace()[*end];
  if (seen.number > 0 && seen.error != 0) {
    return cannot_tell(
        in_quotes(glob) + " was there before it ran, and it did not touch it",
        {*end});
  }
  return answer(
      seen.number > 0,
      in_quotes(glob) + (seen.number > 0 ? " is there" : " is not there"),
      evidence, {*end});
}

Finding check(const Params& params, const Evidence& evidence) {
  Finding finding = answer(true, "", evidence);
  auto take = [&finding](Finding one) {
    if (one.verdict > finding.verdict) {
      finding = std::move(one);
    }
  };
  for (const std::string& glob : params.get_or<Texts>("gone", {})) {
    take(check_gone(glob, evidence));
  }
  for (const std::string& glob : params.get_or<Texts>("left", {})) {
    take(check_left(glob, evidence));
  }
  finding.expected = "which files are there at the end";
  return finding;
}

}  // namespace

const ExpectationType& files_expectation() {
  static const ExpectationType kType{&section(), check};
  return kType;
}

}  // namespace faultrig
