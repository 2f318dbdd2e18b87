// What the page of the workshop is told, and how.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/report/page.h"
#include "harness/web/workshop_json.h"

namespace faultrig {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string kHostile = "</script><script>alert(1)</script><!-- \xff";

LessonRun some_run() {
  LessonRun run;
  run.scenario.workload.go_test.emplace();
  run.faults = {"memory: {max: 64MiB}"};
  LessonQuestion question;
  question.text = "What does go say?";
  question.answers = {{"0", {}}, {"1", {}}};
  question.right = 1;
  run.ask = {question};
  run.lost_at = "go";
  return run;
}

Lesson some_lesson(int number) {
  Lesson lesson;
  lesson.number = number;
  lesson.title = kHostile;
  lesson.files = {{"a_test.go", kHostile, {}}};
  lesson.runs = {some_run(), some_run()};
  return lesson;
}

Observation of(Fact fact, const std::string& link, std::int64_t number = 0) {
  Observation seen;
  seen.at = milliseconds(7);
  seen.fact = fact;
  seen.link = link;
  seen.number = number;
  return seen;
}

// The test exited with `test`, go with 1.
LessonOutcome some_outcome(std::optional<std::size_t> truth) {
  Evidence::Parts parts;
  parts.trace = {
      of(Fact::process_ended, "test", WaitStatus::of_signal(9).raw()),
      of(Fact::process_ended, "go", WaitStatus::of_exit(1).raw())};
  parts.out = kHostile;
  return {Evidence(std::move(parts)), {}, {truth}};
}

TEST(WorkshopJson, CountsRunsThroughAllLessons) {
  std::vector<Lesson> lessons{some_lesson(1), some_lesson(2)};
  std::vector<std::string> cannot{"", "needs a writable memory cgroup"};
  Json json = Json::parse(lessons_json(lessons, cannot));
  EXPECT_EQ(json[0]["runs"][1]["id"], 2);
  EXPECT_EQ(json[1]["runs"][0]["id"], 3);
  EXPECT_EQ(json[1]["cannot"], cannot[1]);
  EXPECT_EQ(json[0]["runs"][0]["kind"], "go_test");
  EXPECT_EQ(json[0]["runs"][0]["faults"][0], "memory: {max: 64MiB}");
}

// Whoever looks into the page must not find the answers before the run.
TEST(WorkshopJson, DoesNotSayWhatIsRight) {
  std::vector<Lesson> lessons{some_lesson(1)};
  Json run = Json::parse(lessons_json(lessons, {}))[0]["runs"][0];
  EXPECT_THAT(run["ask"][0]["answers"], ElementsAre("0", "1"));
  EXPECT_EQ(run["ask"][0].size(), 2U);
  EXPECT_FALSE(run.contains("lost_at"));
}

TEST(WorkshopJson, TellsAnEndAsAShellWouldSeeIt) {
  Json json =
      Json::parse(ended_json(some_run(), some_outcome(1), milliseconds(3)));
  EXPECT_EQ(json["ends"][0]["status"], "killed by SIGKILL");
  EXPECT_EQ(json["ends"][0]["code"], 137);
  EXPECT_EQ(json["ends"][1]["code"], 1);
  EXPECT_EQ(json["answers"][0], 1);
  EXPECT_EQ(json["lost_at"], "go");
  EXPECT_THAT(json["surprises"], IsEmpty());
}

TEST(WorkshopJson, TellsWhereTheMachineSaysOtherwiseThanTheLesson) {
  Json json =
      Json::parse(ended_json(some_run(), some_outcome(0), milliseconds(3)));
  EXPECT_THAT(json["surprises"][0].get<std::string>(),
              HasSubstr("The lesson expected '1', and here the machine says "
                        "'0'"));
  EXPECT_EQ(json["lost_at"], "");
  json = Json::parse(
      ended_json(some_run(), some_outcome(std::nullopt), milliseconds(3)));
  EXPECT_TRUE(json["answers"][0].is_null());
  EXPECT_THAT(json["surprises"][0].get<std::string>(),
              HasSubstr("none of these"));
}

TEST(WorkshopJson, TellsThatARunProvesNothing) {
  LessonOutcome outcome = some_outcome(1);
  Finding finding;
  finding.verdict = Verdict::inconclusive;
  finding.because = "it never met its limit";
  outcome.judgement.findings = {finding};
  Json json = Json::parse(ended_json(some_run(), outcome, milliseconds(3)));
  EXPECT_THAT(json["surprises"],
              ElementsAre("This run proves nothing: it never "
                          "met its limit"));
}

TEST(WorkshopJson, ShowsWhatThePictureNeedsAndNoMore) {
  Json end = Json::parse(seen_json(
      of(Fact::process_ended, "test", WaitStatus::of_exit(255).raw()), {}));
  EXPECT_EQ(end["status"], "exited 255");
  EXPECT_EQ(end["clean"], false);
  EXPECT_EQ(end["at"], 7000000);
  Json signal = Json::parse(seen_json(of(Fact::signal_sent, "test", 15), {}));
  EXPECT_EQ(signal["sent"], "SIGTERM");
  EXPECT_EQ(seen_json(of(Fact::user_time, "test", 5), {}), "");
}

// A line each: a line end would end the event on its way to the page.
TEST(WorkshopJson, IsOneLineOfUtf8) {
  Observation seen = of(Fact::trouble, "");
  seen.text = "a\nb" + kHostile;
  std::vector<Lesson> lessons{some_lesson(1)};
  for (const std::string& text :
       {seen_json(seen, some_run()), failed_json(seen.text),
        ended_json(some_run(), some_outcome(1), milliseconds(1)),
        lessons_json(lessons, {})}) {
    EXPECT_THAT(text, Not(HasSubstr("\n")));
    EXPECT_TRUE(Json::accept(text)) << text;
  }
}

TEST(Recording, HoldsAllAsDataWhateverTheOutputHolds) {
  std::vector<Lesson> lessons{some_lesson(1)};
  std::vector<std::vector<std::string>> events{
      {timed_json(milliseconds(0), begun_json(1)),
       timed_json(milliseconds(5),
                  ended_json(some_run(), some_outcome(1), milliseconds(5)))},
      {timed_json(milliseconds(0), failed_json(kHostile))}};
  std::string page = recorded_workshop(
      recording_json("2026-01-31", lessons_json(lessons, {}), events));
  const std::string start = R"(<script type="application/json" id="data">)";
  std::size_t from = page.find(start) + start.size();
  std::string data = page.substr(from, page.find("</script", from) - from);
  Json json = Json::parse(data);
  EXPECT_EQ(json["recorded"], "2026-01-31");
  EXPECT_EQ(json["runs"]["1"][1]["t"], 5);
  EXPECT_THAT(
      json["runs"]["1"][1]["event"]["stdout"]["text"].get<std::string>(),
      HasSubstr("</script><script>alert(1)"));
  EXPECT_THAT(json["runs"]["2"][0]["event"]["why"].get<std::string>(),
              HasSubstr("alert(1)"));
  EXPECT_THAT(data, Not(HasSubstr("<")));
  EXPECT_THAT(page, Not(HasSubstr("{{")));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
}

TEST(WorkshopPage, HoldsNeitherScriptNorStyleWhenItIsServed) {
  std::string page = workshop_page();
  EXPECT_THAT(page, HasSubstr("<script src=\"page.js\"></script>"));
  EXPECT_THAT(page, HasSubstr("href=\"page.css\""));
  EXPECT_THAT(page, Not(HasSubstr("<style")));
  EXPECT_THAT(page, Not(HasSubstr("://")));
  EXPECT_THAT(page, Not(HasSubstr("{{")));
  EXPECT_THAT(workshop_script(), HasSubstr("class Picture"));
  EXPECT_THAT(workshop_style(), HasSubstr("prefers-reduced-motion"));
}

TEST(ProcessLook, KnowsWhatIsWhatByItsCommand) {
  auto role = [](const std::string& command, bool below_go = false) {
    auto seen = seen_in(7, command, below_go);
    return seen ? std::string(role_name(seen->role)) : "none";
  };
  EXPECT_EQ(role("/usr/local/go/bin/go test ./hoard"), "go");
  EXPECT_EQ(role("/usr/lib/go/pkg/tool/linux_amd64/compile -o x"), "compiler");
  EXPECT_EQ(role("[link]"), "compiler");
  EXPECT_EQ(role("/x/faultrig-shim witness /dev/shm/door /tmp/a.test"), "exec");
  EXPECT_EQ(role("/tmp/go-build1/b001/hoard.test -test.v"), "test");
  EXPECT_EQ(role("sh -c go test . | tee log"), "shell");
  EXPECT_EQ(role("tee log"), "other");
  EXPECT_EQ(role("/x/faultrig-shim serve"), "none");
  EXPECT_EQ(role("faultrig workshop"), "none");
  EXPECT_EQ(role(""), "none");
  EXPECT_EQ(role("/bin/sh ./quiet.sh /tmp/a.test", true), "exec");
  EXPECT_EQ(role("/tmp/go-build1/b001/hoard.test", true), "test");
  EXPECT_EQ(role("/usr/lib/go/pkg/tool/linux_amd64/link", true), "compiler");
  EXPECT_EQ(seen_in(7, "/bin/sh -c x", false),
            (SeenProcess{7, Role::shell, "sh"}));
}

}  // namespace
}  // namespace faultrig
