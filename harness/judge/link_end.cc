// How a link of the exit chain ended, by the wait status that its witness
// saw: never by what `go test` says of it, which is 1 for all misfortunes.
#include "harness/judge/link_end.h"

#include <algorithm>
#include <csignal>

#include "harness/base/names.h"
#include "harness/judge/expectations.h"
#include "harness/judge/link_text.h"
#include "harness/judge/unseen_images.h"

namespace faultrig {

Section link_section(std::string_view name, std::string_view summary) {
  Section section;
  section.name = name;
  section.summary = summary;
  section.shorthand = "ended";
  section.exactly_one_of = {{"exited", "killed_by", "shell", "ended"}};
  section.fields = {
      {.key = "exited",
       .kind = Kind::count,
       .summary = "it ended by itself with this code; not one that our own "
                  "stop at the deadline brought about, unless the scenario "
                  "has no faults",
       .most = 255},
      {.key = "killed_by",
       .kind = Kind::signal,
       .summary = "this signal ended it; not our SIGKILL at the deadline"},
      {.key = "shell",
       .kind = Kind::count,
       .summary = "what $? of a POSIX shell shows: the code, or 128 and the "
                  "number of the signal; not by our own stop either",
       .most = 255},
      {.key = "ended",
       .kind = Kind::choice,
       .summary = "never_started: no process of it ever ran; hung: it lived on "
                  "at the deadline, and we stopped it",
       .choices = {"never_started", "hung"}}};
  return section;
}

namespace {

std::vector<const LinkEnd*> ends_of(const Evidence& evidence, Link link) {
  std::vector<const LinkEnd*> ends;
  for (const ExitChain* chain : {&evidence.exits(), &evidence.beside()}) {
    for (const LinkEnd& end : *chain) {
      if (end.link == link) {
        ends.push_back(&end);
      }
    }
  }
  return ends;
}

bool was_sent(int signal, const Evidence& evidence) {
  return std::any_of(evidence.trace().begin(), evidence.trace().end(),
                     [signal](const Observation& seen) {
                       return seen.fact == Fact::signal_sent &&
                              seen.number == signal;
                     });
}

bool is_exact(const NumberTest* wanted) {
  return wanted == nullptr || wanted->op == NumberTest::Operator::equal;
}

// Go answers our SIGQUIT with exit 2: a hang is not an end of its own. Where
// nothing but the deadline is tried, that very end may be asked for; so may a
// death by SIGQUIT, which is ours alone where no fault sends it. Our SIGKILL
// says nothing of a program, and an out-of-memory kill looks the same.
bool may_be_ours(const Params& params, const LinkEnd& end,
                 const Evidence& evidence) {
  if (end.status->killed() && end.status->signal() == SIGKILL) {
    return false;
  }
  if (evidence.parts().injectors.empty()) {
    return is_exact(params.find<NumberTest>("exited")) &&
           is_exact(params.find<NumberTest>("shell"));
  }
  bool by_sigquit = end.status->killed() && end.status->signal() == SIGQUIT;
  return params.has("killed_by") && by_sigquit && !was_sent(SIGQUIT, evidence);
}

bool satisfies(const LinkEnd& end, const Params& params,
               const Evidence& evidence) {
  if (!end.status) {
    return false;
  }
  if (params.has("ended")) {
    return end.hung;
  }
  if (end.our_signal != 0 && !may_be_ours(params, end, evidence)) {
    return false;
  }
  if (const auto* exited = params.find<NumberTest>("exited")) {
    return end.status->exited() && exited->holds(end.status->exit_code());
  }
  if (const auto* signal = params.find<std::int64_t>("killed_by")) {
    return end.status->killed() && end.status->signal() == *signal;
  }
  const auto* shell = params.find<NumberTest>("shell");
  return shell != nullptr && shell->holds(end.status->shell_code());
}

std::string expected(std::string_view link, const Params& params) {
  std::string text(link);
  if (const auto* exited = params.find<NumberTest>("exited")) {
    return text + " exited " + exited->text();
  }
  if (const auto* signal = params.find<std::int64_t>("killed_by")) {
    return text + " killed by " + signal_name(static_cast<int>(*signal));
  }
  if (const auto* shell = params.find<NumberTest>("shell")) {
    return text + " shows a shell " + shell->text();
  }
  bool hung = params.get_or<std::string>("ended", "") == "hung";
  return text + (hung ? " hung" : " never started");
}

// What sent this process to its end, if the trace tells: the last signal to
// its link or oom kill before it, or the state of a crash that it looked at.
std::optional<std::size_t> cause_of(const Evidence& evidence,
                                    const LinkEnd& end) {
  if (!end.status) {
    return std::nullopt;
  }
  for (std::size_t i = end.cite; i > 0; --i) {
    const Observation& seen = evidence.trace()[i - 1];
    bool harmful =
        seen.fact == Fact::signal_sent || seen.fact == Fact::oom_kill ||
        seen.fact == Fact::our_signal || seen.fact == Fact::state_tried;
    if (harmful && seen.link == link_name(end.link)) {
      return i - 1;
    }
  }
  return std::nullopt;
}

Finding never_started(Link link, const std::vector<const LinkEnd*>& ends,
                      const Evidence& evidence) {
  std::vector<std::size_t> ran;
  std::vector<std::size_t> refused;
  for (const LinkEnd* end : ends) {
    (end->status ? ran : refused).push_back(end->cite);
  }
  if (!ran.empty()) {
    return answer(false, "", evidence, ran);
  }
  return refused.empty()
             ? answer(true,
                      "no process of " + std::string(link_name(link)) +
                          " was seen",
                      evidence)
             : answer(true, "", evidence, refused);
}

// Who reads `exited 2` here would take it for the program's own word.
std::string hung_words(const std::vector<const LinkEnd*>& ends,
                       const Params& params) {
  for (const LinkEnd* end : ends) {
    if (end->hung && !params.has("ended")) {
      return std::string(link_name(end->link)) + " " + end_words(*end) +
             "; ask for it by `" + std::string(link_name(end->link)) +
             ": hung`";
    }
  }
  return "";
}

Finding ends_as_asked(Link link, const Params& params,
                      const Evidence& evidence) {
  std::vector<const LinkEnd*> ends = ends_of(evidence, link);
  if (params.get_or<std::string>("ended", "") == "never_started") {
    return never_started(link, ends, evidence);
  }
  if (ends.empty()) {
    return answer(false, std::string(link_name(link)) + " never started",
                  evidence);
  }
  std::vector<std::size_t> cites;
  bool holds = true;
  for (const LinkEnd* end : ends) {
    bool so = satisfies(*end, params, evidence);
    if (!so && holds) {
      cites.clear();
    }
    holds = holds && so;
    if (so != holds) {
      continue;
    }
    if (auto cause = so ? std::nullopt : cause_of(evidence, *end)) {
      cites.push_back(*cause);
    }
    cites.push_back(end->cite);
  }
  return answer(holds, holds ? "" : hung_words(ends, params), evidence, cites);
}

template <Link link>
Finding check(const Params& params, const Evidence& evidence) {
  return check_link(link, params, evidence);
}

Finding check_recover(const Params& params, const Evidence& evidence) {
  return unless_images_are_unseen(check_link(Link::recover, params, evidence),
                                  evidence);
}

}  // namespace

Finding check_link(Link link, const Params& params, const Evidence& evidence) {
  Finding finding = ends_as_asked(link, params, evidence);
  finding.expected = expected(link_name(link), params);
  return finding;
}

const ExpectationType& test_expectation() {
  static const Section section = link_section(
      "test", "how the test binary ended; each of them, if there are more");
  static const ExpectationType type{&section, check<Link::test>};
  return type;
}

const ExpectationType& go_expectation() {
  static const Section section = link_section("go", "how the go command ended");
  static const ExpectationType type{&section, check<Link::go>};
  return type;
}

const ExpectationType& command_expectation() {
  static const Section section =
      link_section("command", "how the command of the workload ended");
  static const ExpectationType type{&section, check<Link::command>};
  return type;
}

const ExpectationType& recover_expectation() {
  static const Section section = link_section(
      "recover",
      "how the command of `recover` ended, which looked at what the "
      "workload left; in each state, where crashes are tried");
  static const ExpectationType type{&section, check_recover};
  return type;
}

}  // namespace faultrig
