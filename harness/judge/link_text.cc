#include "harness/judge/link_text.h"

#include "harness/base/names.h"

namespace faultrig {

std::string end_words(const LinkEnd& end) {
  if (!end.status) {
    return "never started";
  }
  if (end.our_signal == 0) {
    return end.status->text();
  }
  std::string ours = "stopped by us with " + signal_name(end.our_signal) +
                     ", then " + end.status->text();
  return end.hung ? "hung (" + ours + ")" : ours;
}

JudgedEnd judged_end(const LinkEnd& end) {
  JudgedEnd out;
  out.link = end.name;
  out.program = end.program;
  if (!end.status) {
    out.how = "never_started";
    return out;
  }
  out.status = end.status->text();
  out.how = end.hung               ? "hung"
            : end.our_signal != 0  ? "stopped"
            : end.status->exited() ? "exited"
                                   : "killed";
  if (end.our_signal != 0) {
    out.our_signal = signal_name(end.our_signal);
  }
  return out;
}

}  // namespace faultrig
