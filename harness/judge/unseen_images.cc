// What was tried says nothing of what was not: the images that LinkImages could
// not take are told as one fact (`not_known`, of images).
#include "harness/judge/unseen_images.h"

#include <string>

#include "harness/judge/finding.h"
#include "harness/model/crash.h"

namespace faultrig {

Finding unless_images_are_unseen(Finding finding, const Evidence& evidence) {
  if (finding.verdict != Verdict::pass) {
    return finding;
  }
  for (std::size_t index : all_of(evidence, Fact::not_known)) {
    if (evidence.trace()[index].action == kCrashImageKind) {
      return cannot_tell(cite(evidence, index), {index});
    }
  }
  return finding;
}

}  // namespace faultrig
