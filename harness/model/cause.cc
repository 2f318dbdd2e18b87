#include "harness/model/cause.h"

#include <charconv>
#include <utility>

namespace faultrig {

namespace {

// 21 of `1.21`, `1.21.3`, `1.21-`; nothing if there is no such start.
std::optional<int> minor_of(std::string_view version) {
  constexpr std::string_view kMajor = "1.";
  int minor = 0;
  if (!version.starts_with(kMajor)) {
    return std::nullopt;
  }
  version.remove_prefix(kMajor.size());
  auto [end, failed] =
      std::from_chars(version.data(), version.data() + version.size(), minor);
  return failed == std::errc() ? std::optional(minor) : std::nullopt;
}

// How it ended, and the lines that say so.
std::vector<Field> ends_and_words() {
  return {
      {.key = "verdict",
       .kind = Kind::texts,
       .summary = "go's word on the package: ok, fail, build_failed, "
                  "setup_failed, no_test_files, no_tests_to_run, none"},
      {.key = "test",
       .kind = Kind::texts,
       .summary = "how the binary ended, as go or a witness says: a "
                  "code, a signal, `never_started`, `unknown`"},
      {.key = "own_end",
       .kind = Kind::texts,
       .summary = "ends that nothing but this gives the binary: seen by a "
                  "witness, they prove what a line of its process says"},
      {.key = "go",
       .kind = Kind::texts,
       .summary = "how go ended (evidence only)"},
      {.key = "command",
       .kind = Kind::texts,
       .summary = "how a plain command ended (evidence only)"},
      {.key = "argv",
       .kind = Kind::regexp,
       .summary = "on the command line (evidence only)"},
      {.key = "why",
       .kind = Kind::regexp,
       .summary = "why it never started (evidence only)"},
      {.key = "crash",
       .kind = Kind::regexp,
       .summary = "in the words of the crash that ended the process"},
      {.key = "frame",
       .kind = Kind::regexp,
       .summary = "a function on the stack of the crashed goroutine"},
      {.key = "raised_by",
       .kind = Kind::regexp,
       .summary = "the function that called panic; where the stack does not "
                  "show it, the sight is likely at most"},
      {.key = "said",
       .kind = Kind::regexp,
       .summary = "in a line that go itself printed"},
      {.key = "built",
       .kind = Kind::regexp,
       .summary = "in a line of compiler, linker or vet"},
      {.key = "around",
       .kind = Kind::regexp,
       .summary = "in a line of what stands around go: a CI, docker, a "
                  "shell, make, the kernel"},
      {.key = "owner",
       .kind = Kind::texts,
       .summary = "whose crash it is: test, child, tool, program, unknown; "
                  "of no child and no tool if not given"},
      {.key = "crashed",
       .kind = Kind::boolean,
       .summary = "whether a crash ended the process"},
      {.key = "dumped",
       .kind = Kind::boolean,
       .summary = "whether its process printed places of a stack, which may be "
                  "the rest of a crash whose beginning is not there"},
  };
}

// What its process said, and what the kernel counted.
std::vector<Field> what_it_said() {
  return {
      {.key = "printed",
       .kind = Kind::regexp,
       .summary = "in a line of the package's process; a workload may "
                  "print anything"},
      {.key = "ending",
       .kind = Kind::regexp,
       .summary = "in such a line behind the testing package's last word: "
                  "what ended the process stands there"},
      {.key = "failing",
       .kind = Kind::regexp,
       .summary = "in a line of a test that failed or has no end"},
      {.key = "finished",
       .kind = Kind::texts,
       .summary = "the testing package's last word: PASS, FAIL, none"},
      {.key = "failed",
       .kind = Kind::boolean,
       .summary = "whether a test failed"},
      {.key = "unfinished",
       .kind = Kind::boolean,
       .summary = "whether a test began and never ended"},
      {.key = "started",
       .kind = Kind::boolean,
       .summary = "whether a test is known to have begun (-v, -json)"},
      {.key = "watched",
       .kind = Kind::boolean,
       .summary = "whether a witness read what the binary said, so that "
                  "`finished: none` is true of it (evidence only)"},
      {.key = "witnessed",
       .kind = Kind::boolean,
       .summary = "whether a witness told how the binary ended"},
      {.key = "retried",
       .kind = Kind::boolean,
       .summary = "whether what failed passed in a later run, as a driver of "
                  "tests sums it up"},
      {.key = "lone",
       .kind = Kind::boolean,
       .summary = "whether no other package tells why go failed (evidence "
                  "only)"},
      {.key = "oom",
       .kind = Kind::boolean,
       .summary = "whether the cgroup counted an OOM kill"},
      {.key = "leftovers",
       .kind = Kind::boolean,
       .summary = "whether processes outlived it"},
      {.key = "sure",
       .kind = Kind::choice,
       .summary = "how sure this makes",
       .fallback = "certain",
       .choices = {"certain", "likely", "possible"}},
  };
}

}  // namespace

bool holds_for(const std::string& range, const std::string& version) {
  auto minor =
      version.starts_with("go") ? minor_of(version.substr(2)) : std::nullopt;
  auto first = minor_of(range);
  if (!minor || !first) {
    return true;
  }
  std::size_t dash = range.find('-');
  auto last =
      dash == std::string::npos ? first : minor_of(range.substr(dash + 1));
  return *minor >= *first && (!last || *minor <= *last);
}

std::string_view sure_name(Sure sure) {
  switch (sure) {
    case Sure::certain:
      return "certain";
    case Sure::likely:
      return "likely";
    case Sure::possible:
      return "possible";
  }
  return "possible";
}

namespace {

// What is read of it by people, and where that is from.
std::vector<Field> texts_of_cause() {
  return {
      {.key = "explain",
       .kind = Kind::text,
       .summary = "what happens and why, six lines at most",
       .required = true},
      {.key = "do",
       .kind = Kind::text,
       .summary = "what to do about it",
       .required = true},
      {.key = "settle", .kind = Kind::text, .summary = "what would settle it"},
      {.key = "source",
       .kind = Kind::text,
       .summary = "where that is written or how it was measured",
       .required = true},
      {.key = "scenario",
       .kind = Kind::text,
       .summary = "the scenario that provokes it",
       .required = true},
  };
}

}  // namespace

const Section& cause_section() {
  static const Section section = [] {
    Section made{
        .name = "cause",
        .summary = "why a Go test ended as it did",
        .fields = {
            {.key = "id",
             .kind = Kind::text,
             .summary = "its name: lower case, digits, underscores",
             .required = true},
            {.key = "title",
             .kind = Kind::text,
             .summary = "one clause, lower case, no full stop",
             .required = true},
            {.key = "link",
             .kind = Kind::choice,
             .summary = "where it happens",
             .required = true,
             .choices = {"build", "start", "test", "go", "go_run", "exec",
                         "shell", "tool"}},
            {.key = "general",
             .kind = Kind::boolean,
             .summary = "names a symptom; used if nothing else matches",
             .fallback = "false"},
            {.key = "among",
             .kind = Kind::list,
             .summary = "general: ids of causes that look like it"},
            {.key = "also",
             .kind = Kind::list,
             .summary = "ids of causes that leave the same in a log"},
            {.key = "only",
             .kind = Kind::text,
             .summary = "why nothing else does, if `also` is not given"},
            {.key = "rank",
             .kind = Kind::integer,
             .summary = "of two that match, the higher one wins",
             .fallback = "50"},
            {.key = "hidden",
             .kind = Kind::list,
             .summary = "forms of a log without it: text, v, json; text@1.19"},
            {.key = "go",
             .kind = Kind::text,
             .summary =
                 "Go versions it holds for, such as `1.19-1.20`, `1.21-`"},
        }};
    std::vector<Field> texts = texts_of_cause();
    made.fields.insert(made.fields.end(), texts.begin(), texts.end());
    return made;
  }();
  return section;
}

const Section& ends_section() {
  static const std::string_view kText = "codes, signals or `never_started`";
  static const Section section{
      .name = "ends",
      .summary = "what each link ends with",
      .fields =
          {
              {.key = "test", .kind = Kind::texts, .summary = kText},
              {.key = "go_test", .kind = Kind::texts, .summary = kText},
              {.key = "go_run", .kind = Kind::texts, .summary = kText},
              {.key = "exec", .kind = Kind::texts, .summary = kText},
              {.key = "shell", .kind = Kind::texts, .summary = kText},
              {.key = "container", .kind = Kind::texts, .summary = kText},
              {.key = "ssh", .kind = Kind::texts, .summary = kText},
              {.key = "xargs", .kind = Kind::texts, .summary = kText},
              {.key = "timeout", .kind = Kind::texts, .summary = kText},
              {.key = "tool", .kind = Kind::texts, .summary = kText},
          },
      .needs_any = true};
  return section;
}

const Section& sight_section() {
  static const Section section = [] {
    Section out{
        .name = "seen",
        .summary = "one way to recognise a cause: all that is written is seen",
        .fields = ends_and_words(),
        .needs_any = true};
    for (Field& field : what_it_said()) {
      out.fields.push_back(std::move(field));
    }
    return out;
  }();
  return section;
}

}  // namespace faultrig
