#include "harness/report/junit.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

#include "harness/report/xml.h"

namespace faultrig {

namespace {

using Outcome = JunitCase::Outcome;

constexpr std::string_view kHead =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
constexpr std::string_view kEnd = "</testsuites>\n";

// Bytes of output in one case and in all: GitLab takes no report over 30 MB.
constexpr std::size_t kLongestOutput = std::size_t{16} << 10;
constexpr std::size_t kMostOutput = std::size_t{12} << 20;

struct Counts {
  long tests = 0;
  long failures = 0;
  long errors = 0;
  long skipped = 0;
  double seconds = 0;

  void add(const Counts& other) {
    tests += other.tests;
    failures += other.failures;
    errors += other.errors;
    skipped += other.skipped;
    seconds += other.seconds;
  }

  std::string attributes() const {
    return fmt::format(
        " tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" "
        "time=\"{:.3f}\"",
        tests, failures, errors, skipped, seconds);
  }
};

double seconds_of(std::chrono::nanoseconds time) {
  return static_cast<double>(time.count()) / 1e9;
}

Counts counts_of(const JunitSuite& suite) {
  Counts counts;
  for (const JunitCase& one : suite.cases) {
    counts.add({1, one.outcome == Outcome::failed ? 1 : 0,
                one.outcome == Outcome::error ? 1 : 0,
                one.outcome == Outcome::skipped ? 1 : 0, seconds_of(one.time)});
  }
  return counts;
}

std::string outcome_xml(const JunitCase& one) {
  static constexpr std::array<std::string_view, 4> kElements{
      "", "failure", "error", "skipped"};
  std::string_view element =
      kElements.at(static_cast<std::size_t>(one.outcome));
  if (element.empty()) {
    return "";
  }
  std::string out = fmt::format("      <{}{}", element,
                                xml_attribute("message", one.message));
  if (one.outcome != Outcome::skipped) {
    out += xml_attribute("type", element);
  }
  if (one.text.empty()) {
    return out + "/>\n";
  }
  return out + fmt::format(">{}</{}>\n", for_xml(one.text), element);
}

std::string printed_xml(std::string_view element, std::string_view text,
                        std::size_t most) {
  if (text.size() > most) {
    text.remove_prefix(text.size() - most);
  }
  return text.empty() ? ""
                      : fmt::format("      <{}>{}</{}>\n", element,
                                    for_xml(text), element);
}

std::string case_xml(const JunitCase& one, std::size_t most) {
  std::string out =
      fmt::format("    <testcase{}{} time=\"{:.3f}\"",
                  xml_attribute("classname", one.classname),
                  xml_attribute("name", one.name), seconds_of(one.time));
  if (!one.file.empty()) {
    out +=
        xml_attribute("file", one.file) + fmt::format(" line=\"{}\"", one.line);
  }
  std::string inside = outcome_xml(one);
  inside += printed_xml("system-out", one.out, most);
  inside += printed_xml("system-err", one.err, most);
  return inside.empty() ? out + "/>\n"
                        : out + ">\n" + inside + "    </testcase>\n";
}

// The schemas want a time without a zone.
std::string suite_attributes(const JunitSuite& suite) {
  std::string out = xml_attribute("name", suite.name);
  out += counts_of(suite).attributes();
  if (!suite.timestamp.empty()) {
    std::string_view time = suite.timestamp;
    out += xml_attribute("timestamp", time.substr(0, time.find('Z')));
  }
  return suite.hostname.empty()
             ? out
             : out + xml_attribute("hostname", suite.hostname);
}

std::string properties_xml(const JunitSuite& suite) {
  std::string out;
  for (const auto& [name, value] : suite.properties) {
    out += fmt::format("      <property{}{}/>\n", xml_attribute("name", name),
                       xml_attribute("value", value));
  }
  return out.empty() ? out : "    <properties>\n" + out + "    </properties>\n";
}

std::string suite_xml(const JunitSuite& suite) {
  std::size_t printing = 1;
  for (const JunitCase& one : suite.cases) {
    printing += (one.out.empty() ? 0 : 1) + (one.err.empty() ? 0 : 1);
  }
  std::size_t most = std::min(kLongestOutput, kMostOutput / printing);
  std::string out = fmt::format("  <testsuite{}>\n", suite_attributes(suite));
  out += properties_xml(suite);
  for (const JunitCase& one : suite.cases) {
    out += case_xml(one, most);
  }
  return out + "  </testsuite>\n";
}

// A comment is where every reader lets us keep something of our own.
std::string mark_of(const std::string& run) {
  return fmt::format("<!-- faultrig witness, run {} -->\n", run);
}

std::optional<double> number_behind(std::string_view text,
                                    std::string_view name) {
  std::size_t at = text.find(fmt::format(" {}=\"", name));
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  return strtod(std::string(text.substr(at + name.size() + 3, 32)).c_str(),
                nullptr);
}

struct Before {
  Counts counts;
  std::string_view suites;
};

// Only what junit_text() has written: its root is one line.
std::optional<Before> read_report(std::string_view text,
                                  const std::string& mark) {
  if (!text.starts_with(kHead) || !text.ends_with(kEnd)) {
    return std::nullopt;
  }
  text.remove_prefix(kHead.size());
  text.remove_suffix(kEnd.size());
  if (!text.starts_with(mark)) {
    return std::nullopt;
  }
  text.remove_prefix(mark.size());
  std::size_t line = text.find('\n');
  std::string_view root = text.substr(0, line);
  auto tests = number_behind(root, "tests");
  auto failures = number_behind(root, "failures");
  auto errors = number_behind(root, "errors");
  auto skipped = number_behind(root, "skipped");
  auto time = number_behind(root, "time");
  if (!tests || !failures || !errors || !skipped || !time) {
    return std::nullopt;
  }
  return Before{
      {static_cast<long>(*tests), static_cast<long>(*failures),
       static_cast<long>(*errors), static_cast<long>(*skipped), *time},
      text.substr(line + 1)};
}

std::string report_xml(std::string_view mark, const Counts& counts,
                       std::string_view suites) {
  return fmt::format("{}{}<testsuites{}>\n{}{}", kHead, mark,
                     counts.attributes(), suites, kEnd);
}

}  // namespace

std::string junit_text(const std::vector<JunitSuite>& suites) {
  Counts counts;
  std::string inside;
  for (const JunitSuite& suite : suites) {
    counts.add(counts_of(suite));
    inside += suite_xml(suite);
  }
  return report_xml("", counts, inside);
}

std::string with_suite(std::string_view old, const std::string& run,
                       const JunitSuite& suite) {
  std::string mark = mark_of(run);
  Before before = read_report(old, mark).value_or(Before{});
  Counts counts = before.counts;
  counts.add(counts_of(suite));
  return report_xml(mark, counts,
                    std::string(before.suites) + suite_xml(suite));
}

}  // namespace faultrig
