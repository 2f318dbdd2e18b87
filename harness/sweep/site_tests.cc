// One test that tries again, or fails loudly, says nothing of the others in
// which the same call failed: each has to show by itself that it noticed. A
// line that no test can be told of speaks for one of them.
#include "harness/sweep/site_tests.h"

#include <algorithm>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/sweep/site_words.h"
#include "harness/sweep/standard_library.h"

namespace faultrig {

namespace {

using CallsIn = std::map<std::string, std::int64_t>;

std::int64_t calls_in(const CallsIn& calls, const std::string& test) {
  auto found = calls.find(test);
  return found == calls.end() ? 0 : found->second;
}

// Was every call told with its stack, there and here?
bool knows_tests(const SiteRun& run, const CallSite& site) {
  auto sum = [](const CallsIn& calls) {
    std::int64_t all = 0;
    for (const auto& [test, count] : calls) {
      all += count;
    }
    return all;
  };
  return !run.tests.calls.empty() && sum(run.tests.calls) == run.calls &&
         sum(site.calls_in) >= site.calls;
}

bool has_more_in(const SiteRun& run, const CallSite& site,
                 const std::string& test) {
  return calls_in(run.tests.calls, test) > calls_in(site.calls_in, test);
}

// The test functions in which it failed, by their faults; empty where they
// have no names.
std::vector<std::string> tests_hit(const SiteRun& run, const CallSite& site) {
  std::vector<std::string> tests;
  tests.reserve(run.hit.size());
  for (int fault : run.hit) {
    auto at = static_cast<std::size_t>(fault);
    tests.push_back(at < site.tests.size() ? site.tests[at] : "");
  }
  return tests;
}

// `TestAll` of `example.com/store.TestAll.func1`, which the testing package
// knows by that name; empty for a function that is called otherwise.
std::string test_name(const std::string& function) {
  std::size_t slash = function.rfind('/');
  std::size_t dot = function.find('.', slash == function.npos ? 0 : slash);
  std::string name = dot == function.npos ? "" : function.substr(dot + 1);
  name = name.substr(0, name.find('.'));
  bool is_test = name.starts_with("Test") || name.starts_with("Fuzz") ||
                 name.starts_with("Example");
  return is_test ? name : "";
}

bool is_of(const FailedTest& failed, const std::string& name) {
  return failed.name.substr(0, failed.name.find('/')) == name;
}

// The tests in which the fault took effect, as the testing package names them;
// nothing where one has no such name.
std::optional<std::set<std::string>> names_hit(const SiteRun& run) {
  std::set<std::string> names;
  for (const std::string& function : run.tests.hit) {
    names.insert(test_name(function));
  }
  return names.empty() || names.contains("") ? std::nullopt
                                             : std::optional(names);
}

// Of one test the functions in which it failed and that made the call no second
// time: the test itself, and subtests with a function of their own. Which
// subtest is which function's nobody can tell, only how many there are. With
// no name those whose tests are called otherwise.
struct HitTest {
  std::string name;
  std::vector<std::string> functions;
  std::size_t failed = 0;    // of its subtests; of all tests, where unnamed
  std::size_t wordless = 0;  // of these, without a word of the error
};

bool has_failed_below(const SiteRun& run, const FailedTest& test) {
  return std::any_of(
      run.tests.failing.begin(), run.tests.failing.end(),
      [&](const auto& one) { return one.name.starts_with(test.name + "/"); });
}

// A test with failed subtests has failed because of them.
void count_failed(const SiteRun& run, HitTest& test) {
  for (const FailedTest& one : run.tests.failing) {
    bool own = test.name.empty() || is_of(one, test.name);
    if (own && !has_failed_below(run, one)) {
      ++test.failed;
      test.wordless += one.said ? 0 : 1;
    }
  }
  // Where any failed, what has no name may have been it, and have said so.
  if (test.name.empty() && test.failed > 0) {
    test.failed = test.functions.size();
    test.wordless = 0;
  }
  std::size_t said = test.failed - test.wordless;
  std::size_t all = test.functions.size();
  test.failed = std::min(test.failed, all);
  test.wordless = test.failed - std::min(said, test.failed);
}

std::size_t silent_of(const HitTest& test) {
  return test.functions.size() - test.failed;
}

// Lines that are not below the name of a failed test.
std::size_t loose_lines(const SiteRun& run, std::vector<std::string> fresh) {
  if (!run.tests.failing.empty()) {
    std::erase_if(fresh, [](const std::string& line) {
      return line.starts_with("    ") || line.starts_with("\t");
    });
  }
  return most_alike(fresh);
}

// By test, in the order of its functions.
std::vector<HitTest> hit_tests(const SiteRun& run, const CallSite& site,
                               const FaultPoint& point) {
  bool known = knows_tests(run, site);
  bool all_again = !known && was_made_again(run, site, point);
  std::vector<HitTest> tests;
  for (const std::string& function : tests_hit(run, site)) {
    std::string name = test_name(function);
    auto test = std::find_if(tests.begin(), tests.end(),
                             [&](const auto& one) { return one.name == name; });
    test = test == tests.end() ? tests.insert(test, {name, {}, 0, 0}) : test;
    bool again = all_again || (known && !library_goes_on(site) &&
                               has_more_in(run, site, function));
    test->functions.insert(test->functions.end(), again ? 0 : 1, function);
  }
  for (HitTest& test : tests) {
    count_failed(run, test);
  }
  return tests;
}

void add_all(bool any, const HitTest& test, std::vector<std::string>& out) {
  if (any) {
    out.insert(out.end(), test.functions.begin(), test.functions.end());
  }
}

std::string names_of(const std::vector<std::string>& tests) {
  std::vector<std::string> names;
  names.reserve(tests.size());
  for (const std::string& test : tests) {
    names.push_back(test.empty() ? "one" : test.substr(test.rfind('/') + 1));
  }
  return join(names, ", ");
}

}  // namespace

bool was_made_again(const SiteRun& run, const CallSite& site,
                    const FaultPoint& point) {
  if (library_goes_on(site) || site.id.empty()) {
    return false;
  }
  if (point.each != Each::from_then_on) {
    std::size_t hit = point.each == Each::per_test ? run.hit.size() : 1;
    return run.calls >= site.calls + static_cast<std::int64_t>(
                                         std::max<std::size_t>(hit, 1));
  }
  // What is cut short again and again asks again and again for the rest; what
  // fails again and again is only told so again.
  return point.harm == Harm::shorten && run.calls > site.calls &&
         std::all_of(site.tests.begin(), site.tests.end(),
                     [&](const std::string& test) {
                       return !knows_tests(run, site) ||
                              has_more_in(run, site, test);
                     });
}

std::vector<std::string> lines_of_hit_tests(const SiteRun& run) {
  auto names = names_hit(run);
  if (!names || run.tests.said_in.size() != run.said.size()) {
    return run.said;
  }
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < run.said.size(); ++i) {
    const std::string& test = run.tests.said_in[i];
    if (test.empty() || names->contains(test.substr(0, test.find('/')))) {
      lines.push_back(run.said[i]);
    }
  }
  return lines;
}

std::string only_others_failed(const SiteRun& run) {
  auto names = names_hit(run);
  const std::vector<FailedTest>& failing = run.tests.failing;
  bool own = !names || failing.empty() ||
             std::any_of(failing.begin(), failing.end(), [&](const auto& one) {
               return names->contains(one.name.substr(0, one.name.find('/')));
             });
  return own ? ""
             : fmt::format("{} failed, and not {}, in which the call did",
                           failing.front().name, *names->begin());
}

std::optional<SiteJudgement> of_several_tests(
    const SiteRun& run, const CallSite& site, const FaultPoint& point,
    const std::vector<std::string>& fresh) {
  if (point.each != Each::per_test || run.hit.size() < 2) {
    return std::nullopt;
  }
  std::vector<std::string> silent;
  std::vector<std::string> wordless;
  std::size_t all_silent = 0;
  std::size_t all_wordless = 0;
  for (const HitTest& test : hit_tests(run, site, point)) {
    all_silent += silent_of(test);
    all_wordless += test.wordless;
    add_all(silent_of(test) > 0, test, silent);
    add_all(test.wordless > 0, test, wordless);
  }
  std::size_t loose = loose_lines(run, fresh);
  if (all_silent > loose) {
    return SiteJudgement{
        SiteOutcome::swallowed,
        fmt::format("of {} tests in which it failed {} passed, and {}: {}",
                    run.hit.size(), all_silent,
                    loose == 0
                        ? "nobody said a word"
                        : fmt::format("{} of them at most said so", loose),
                    names_of(silent)),
        silent};
  }
  if (all_wordless > 0 && all_silent + all_wordless > loose) {
    return SiteJudgement{
        SiteOutcome::failed,
        fmt::format("of {} tests in which it failed {} failed without a word "
                    "of the error: {}",
                    run.hit.size(), all_wordless, names_of(wordless)),
        wordless};
  }
  return std::nullopt;
}

std::vector<std::string> failed_anew(const SiteRun& run,
                                     const std::vector<SiteRun>& recordings) {
  std::vector<std::string> out;
  for (const FailedTest& test : run.tests.failing) {
    bool known = std::any_of(
        recordings.begin(), recordings.end(), [&](const SiteRun& one) {
          return std::any_of(
              one.tests.failing.begin(), one.tests.failing.end(),
              [&](const FailedTest& old) { return old.name == test.name; });
        });
    out.insert(out.end(), known ? 0 : 1, test.name);
  }
  return out;
}

}  // namespace faultrig
