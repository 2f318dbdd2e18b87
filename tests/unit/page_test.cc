// The page and the trace that `--report` makes, read back.
#include "harness/report/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/report/json.h"
#include "harness/report/report.h"

namespace faultrig {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

std::string report(const std::string& name, const std::vector<Judgement>& all) {
  return find_report(name)->make({})->end({all, milliseconds(1500), ""});
}

RunDetails some_details() {
  RunDetails out;
  out.tags = {"slow", "<b>"};
  out.rows = {{0, milliseconds(1), "process_started", "test", 70, "started"},
              {3, milliseconds(9), "signal_sent", "test", 70, "SIGTERM sent"},
              {4, milliseconds(20), "process_ended", "test", 70, "ended"}};
  out.rows_left_out = 2;
  out.out = {"</script><script>alert(1)</script><!-- \xff\x01", 7};
  out.plan = "scenario  x";
  return out;
}

Judgement hostile() {
  Judgement out;
  out.scenario = "</script>{{scripts}}";
  out.verdict = Verdict::fail;
  out.started = milliseconds(1700000000000);
  out.took = milliseconds(30);
  out.findings = {{Verdict::fail, "<img src=x>", {3}, "{{data}}"}};
  out.details = std::make_shared<const RunDetails>(some_details());
  return out;
}

// What stands between the tags of the page's data.
std::string data_of(const std::string& page) {
  const std::string start = R"(<script type="application/json" id="data">)";
  std::size_t from = page.find(start) + start.size();
  return page.substr(from, page.find("</script", from) - from);
}

TEST(Page, HasAllOfTheDataWhateverTheOutputHolds) {
  Json data = Json::parse(data_of(report("html", {hostile()})));
  EXPECT_EQ(data["took_ns"], 1500000000);
  const Json& one = data["scenarios"][0];
  EXPECT_EQ(one["name"], "</script>{{scripts}}");
  EXPECT_EQ(one["findings"][0]["expected"], "{{data}}");
  EXPECT_EQ(one["details"]["stdout"]["text"],
            "</script><script>alert(1)</script><!-- \xef\xbf\xbd\x01");
  EXPECT_EQ(one["details"]["rows"][1][2], "signal_sent");
}

TEST(Page, HasNoTagOfTheOutput) {
  std::string page = report("html", {hostile()});
  EXPECT_THAT(data_of(page), Not(HasSubstr("<")));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
}

TEST(Page, LoadsNothing) {
  std::string page = report("html", {});
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page, Not(HasSubstr("src=")));
  EXPECT_THAT(page, Not(HasSubstr("{{")));
}

TEST(Page, HasItsScriptsAndItsStyle) {
  std::string page = report("html", {});
  for (const char* part : {"class Timeline", "chainPicture", "ansiNodes",
                           "prefers-color-scheme: dark"}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
}

TEST(Page, OfAMapHasItsDataAndItsOwnScripts) {
  std::string page = map_page(R"({"of": "</script><b>", "points": []})");
  EXPECT_EQ(Json::parse(data_of(page))["of"], "</script><b>");
  EXPECT_THAT(page, Not(HasSubstr("<b>")));
  EXPECT_THAT(page, HasSubstr("mapTable"));
  EXPECT_THAT(page, Not(HasSubstr("{{")));
}

TEST(Junit, NamesNoTwoCasesAlikeWhenTheyAreEscaped) {
  Judgement one = hostile();
  one.scenario = "cr\x1b";
  Judgement other = one;
  other.scenario = "cr\\x1b";
  std::string text = report("junit", {one, other});
  EXPECT_THAT(text, HasSubstr("name=\"cr\\x1b\""));
  EXPECT_THAT(text, HasSubstr("name=\"cr\\x1b (2)\""));
}

TEST(Details, SurviveTheWayFromAWorker) {
  auto read = parse_judgement_line(judgement_line(hostile()));
  ASSERT_TRUE(read);
  ASSERT_NE(read->details, nullptr);
  RunDetails right = some_details();
  EXPECT_EQ(read->started, hostile().started);
  EXPECT_EQ(read->details->tags, right.tags);
  EXPECT_EQ(read->details->rows_left_out, 2u);
  EXPECT_EQ(read->details->out.left_out, 7u);
  EXPECT_EQ(read->details->plan, right.plan);
  ASSERT_EQ(read->details->rows.size(), 3u);
  EXPECT_EQ(read->details->rows[1].at, milliseconds(9));
  EXPECT_EQ(read->details->rows[1].text, "SIGTERM sent");
}

TEST(Details, AreNoPartOfTheReportForPrograms) {
  EXPECT_THAT(report("json", {hostile()}), Not(HasSubstr("details")));
}

std::vector<Json> events(const std::string& phase,
                         const std::vector<Judgement>& all) {
  std::vector<Json> out;
  Json trace = Json::parse(report("trace", all));
  for (const Json& event : trace["traceEvents"]) {
    if (event["ph"] == phase) {
      out.push_back(event);
    }
  }
  return out;
}

TEST(Trace, HasASliceForEachProcess) {
  std::vector<Json> slices = events("X", {hostile()});
  ASSERT_EQ(slices.size(), 2u);
  EXPECT_EQ(slices[0]["dur"], 30000.0);
  EXPECT_EQ(slices[1]["tid"], 70);
  EXPECT_EQ(slices[1]["ts"], 1000.0);
  EXPECT_EQ(slices[1]["dur"], 19000.0);
}

TEST(Trace, HasAnInstantForEachOtherFact) {
  std::vector<Json> instants = events("i", {hostile()});
  ASSERT_EQ(instants.size(), 1u);
  EXPECT_EQ(instants[0]["cat"], "signal_sent");
  EXPECT_EQ(instants[0]["ts"], 9000.0);
}

TEST(Trace, PutsScenariosWhereTheyWereInTime) {
  Judgement later = hostile();
  later.started += milliseconds(100);
  std::vector<Json> slices = events("X", {hostile(), later});
  ASSERT_EQ(slices.size(), 4u);
  EXPECT_EQ(slices[2]["ts"], 100000.0);
  EXPECT_NE(slices[2]["pid"], slices[0]["pid"]);
}

// A tool that alerts on errors is not to wake anybody for what is known, or for
// what cannot run here.
TEST(Otlp, CallsOnlyAnErrorWhatIsRed) {
  auto span = [](const Judgement& judgement) {
    Json line = Json::parse(find_report("otlp")->make({})->result(judgement));
    return line["resourceSpans"][0]["scopeSpans"][0]["spans"][0];
  };
  auto has = [](const Json& one, const std::string& key) {
    for (const Json& attribute : one["attributes"]) {
      if (attribute["key"] == key) {
        return true;
      }
    }
    return false;
  };
  Judgement judgement = hostile();
  EXPECT_EQ(span(judgement)["status"]["code"], 2);
  EXPECT_TRUE(has(span(judgement), "test.case.result.status"));
  judgement.apart.excused = "known";
  EXPECT_EQ(span(judgement)["status"]["code"], 0);
  EXPECT_TRUE(has(span(judgement), "faultrig.excused"));
  judgement = hostile();
  judgement.verdict = Verdict::skipped;
  EXPECT_EQ(span(judgement)["status"]["code"], 0);
  EXPECT_FALSE(has(span(judgement), "test.case.result.status"));
}

TEST(Trace, EndsAProcessWithoutAnEndWithItsRun) {
  RunDetails details = some_details();
  details.rows.pop_back();
  Judgement one = hostile();
  one.details = std::make_shared<const RunDetails>(details);
  std::vector<Json> slices = events("X", {one});
  ASSERT_EQ(slices.size(), 2u);
  EXPECT_EQ(slices[1]["dur"], 29000.0);
}

std::vector<Json> spans_of(const Judgement& judgement) {
  std::string line = find_report("otlp")->make({})->result(judgement);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  Json json = Json::parse(line);
  return json["resourceSpans"][0]["scopeSpans"][0]["spans"];
}

TEST(Otlp, HasASpanForTheRunAndBelowItOneForEachProcess) {
  std::vector<Json> spans = spans_of(hostile());
  ASSERT_EQ(spans.size(), 2u);
  EXPECT_EQ(spans[0]["startTimeUnixNano"], "1700000000000000000");
  EXPECT_EQ(spans[0]["endTimeUnixNano"], "1700000000030000000");
  EXPECT_FALSE(spans[0].contains("parentSpanId"));
  EXPECT_EQ(spans[0]["status"]["code"], 2);
  EXPECT_EQ(spans[0]["events"][0]["name"], "signal_sent");
  EXPECT_EQ(spans[1]["name"], "test");
  EXPECT_EQ(spans[1]["parentSpanId"], spans[0]["spanId"]);
  EXPECT_EQ(spans[1]["traceId"], spans[0]["traceId"]);
  EXPECT_EQ(spans[0]["traceId"].get<std::string>().size(), 32u);
  EXPECT_EQ(spans[1]["attributes"][0]["value"]["intValue"], "70");
}

TEST(Otlp, GivesRunsIdsOfTheirOwn) {
  Judgement again = hostile();
  again.repeat = 2;
  EXPECT_NE(spans_of(again)[0]["traceId"], spans_of(hostile())[0]["traceId"]);
  EXPECT_EQ(spans_of(hostile())[0]["traceId"],
            spans_of(hostile())[0]["traceId"]);
}

}  // namespace
}  // namespace faultrig
