// Reports as they are on the disk, whatever becomes of the run: read back by
// readers that are not ours, Go's encoding/xml and encoding/json.
#include <csignal>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/kernel/command_folder.h"

namespace faultrig {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kHostile =
    "workload:\n  command: [sh, -c, 'printf \"]]>\\\\033[31m\\\\001\\\\377"
    "::error::x %%0A\\\\342\\\\200\\\\250<script>\\\\n\"; exit 3']\n"
    "expect:\n  - command: {exited: 0}\n";
constexpr const char* kPasses =
    "workload: {command: [touch, ran]}\n"
    "expect:\n  - command: {exited: 0}\n";
constexpr const char* kWaits =
    "workload: {command: [sleep, 600]}\n"
    "expect:\n  - command: {exited: 0}\n";

// Prints what it reads of a JUnit report, a document and lines of JSON.
constexpr const char* kReader = R"(package main

import (
	"bufio"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
)

type testcase struct {
	Name    string    `xml:"name,attr"`
	File    string    `xml:"file,attr"`
	Line    int       `xml:"line,attr"`
	Failure *struct{} `xml:"failure"`
	Error   *struct{} `xml:"error"`
	Skipped *struct{} `xml:"skipped"`
	Out     string    `xml:"system-out"`
}

type report struct {
	Tests int        `xml:"tests,attr"`
	Cases []testcase `xml:"testsuite>testcase"`
}

func check(err error) {
	if err != nil {
		fmt.Println("cannot be read:", err)
		os.Exit(1)
	}
}

func readXML(name string) {
	text, err := os.ReadFile(name)
	check(err)
	var read report
	check(xml.Unmarshal(text, &read))
	fmt.Println("tests", read.Tests, len(read.Cases))
	for _, c := range read.Cases {
		fmt.Printf("%s %s:%d failure %t error %t skipped %t %q\n", c.Name,
			c.File, c.Line, c.Failure != nil, c.Error != nil,
			c.Skipped != nil, c.Out)
	}
}

func readJSON(name string) {
	text, err := os.ReadFile(name)
	check(err)
	var read struct {
		CutShort  string `json:"cut_short"`
		Scenarios []struct{ Name, Verdict string }
	}
	check(json.Unmarshal(text, &read))
	fmt.Println(read.CutShort, read.Scenarios)
}

func readLines(name string) {
	file, err := os.Open(name)
	check(err)
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var read struct{ Event string }
		check(json.Unmarshal(lines.Bytes(), &read))
		fmt.Println(read.Event)
	}
}

func main() {
	readXML("r.xml")
	readJSON("r.json")
	readLines("r.jsonl")
}
)";

class Reports : public CommandFolder {
 protected:
  // A run of all scenarios of s/, with all reports, that is sent a signal when
  // two of them have passed and the third one waits.
  Outcome ended_by(int signal) const {
    write("s/a.yaml", kPasses);
    write("s/b.yaml", kPasses);
    write("s/c.yaml", kWaits);
    write("s/d.yaml", kPasses);
    Program run({faultrig_program(), "run", "s", "--report", "junit:r.xml",
                 "--report", "json:r.json", "--report", "events:r.jsonl"},
                folder());
    run.await("ok    b");
    kill(run.pid(), signal);
    return run.end();
  }

  std::string read_back() const {
    write("reader/main.go", kReader);
    Outcome told = sh("go run reader/main.go");
    EXPECT_EQ(told.status.text(), "exited 0") << told.out << told.err;
    return told.out;
  }
};

TEST_F(Reports, AreReadByOthersWhateverAWorkloadPrints) {
  write("bad name.yaml", kHostile);
  Outcome told =
      sh("\"$faultrig\" run 'bad name.yaml' --report junit:r.xml "
         "--report json:r.json --report events:r.jsonl");
  EXPECT_EQ(told.status.text(), "exited 1") << told.err;
  EXPECT_THAT(told.out, HasSubstr("FAIL  bad name"));
  std::string seen = read_back();
  EXPECT_THAT(seen, HasSubstr("tests 1 1\nbad name bad name.yaml:4 failure "
                              "true error false skipped false"));
  EXPECT_THAT(seen, HasSubstr("]]>\\\\x1b[31m\\\\x01\uFFFD::error::x %0A"));
  EXPECT_THAT(seen, HasSubstr("[{bad name fail}]"));
  EXPECT_THAT(seen, HasSubstr("run_ended"));
}

TEST_F(Reports, AreWholeAfterASignalAndMarkWhatWasNotRun) {
  Outcome told = ended_by(SIGTERM);
  EXPECT_EQ(told.status.text(), "exited 143");
  EXPECT_THAT(told.out, HasSubstr("2 passed, 2 not run in"));
  std::string seen = read_back();
  EXPECT_THAT(seen, HasSubstr("tests 5 5\na s/a.yaml:3 failure false error "
                              "false skipped false"));
  EXPECT_THAT(seen, HasSubstr("d s/d.yaml:1 failure false error false skipped "
                              "true"));
  EXPECT_THAT(seen, HasSubstr("ran to its end :0 failure false error true"));
  EXPECT_THAT(seen, HasSubstr("interrupted by SIGTERM: 2 of 4 scenarios were "
                              "not run [{a pass} {b pass} {c not_run} "
                              "{d not_run}]"));
  EXPECT_THAT(seen, HasSubstr("scenario_ended\nrun_ended"));
}

TEST_F(Reports, AreReadableWhenFaultrigIsKilled) {
  write("r.json", "{\"of\": \"an earlier run\"}");
  ended_by(SIGKILL);
  std::string seen = read_back();
  EXPECT_THAT(seen, HasSubstr("ran to its end :0 failure false error true"));
  EXPECT_THAT(seen, HasSubstr("scenarios were not run [{a pass} "));
  EXPECT_THAT(seen, HasSubstr("run_started\nscenario_started\nscenario_ended"));
  EXPECT_THAT(seen, Not(HasSubstr("run_ended")));
}

TEST_F(Reports, ThatCannotBeWrittenEndARunBeforeItBegins) {
  write("a.yaml", kPasses);
  for (const char* form : {"json", "events"}) {
    Outcome told = sh("\"$faultrig\" run a.yaml --report " + std::string(form) +
                      ":no/such/r");
    EXPECT_EQ(told.status.text(), "exited 3");
    EXPECT_THAT(told.err, HasSubstr("write the report no/such/r: No such"));
  }
  EXPECT_FALSE(fs::exists(folder() / "ran"));
  Outcome told = sh("\"$faultrig\" sweep --report json:no/such/r -- touch ran");
  EXPECT_EQ(told.status.text(), "exited 3");
  told = sh("\"$faultrig\" shutdown --report json:no/such/r -- touch ran");
  EXPECT_EQ(told.status.text(), "exited 3");
  EXPECT_FALSE(fs::exists(folder() / "ran"));
}

// Nor is the report of an earlier run gone, where another cannot be written.
TEST_F(Reports, ThatCannotBeWrittenCostNoOtherOne) {
  write("a.yaml", kPasses);
  write("r.json", "earlier");
  for (const char* words : {"--report junit:no/such/r", "--report junit:.",
                            "--report html:/dev/fd/9", "--report tap:/proc/r",
                            "--report events:no/such/r", "--report github"}) {
    Outcome told =
        sh("GITHUB_STEP_SUMMARY=no/such/page \"$faultrig\" run a.yaml --report "
           "json:r.json " +
           std::string(words));
    EXPECT_EQ(told.status.text(), "exited 3") << words;
    EXPECT_EQ(told.out, "") << words;
    EXPECT_THAT(told.err, HasSubstr("write the report ")) << words;
    EXPECT_EQ(read("r.json"), "earlier") << words;
  }
  EXPECT_FALSE(fs::exists(folder() / "ran"));
}

TEST_F(Reports, AreNoLinkThatLeadsNowhere) {
  write("a.yaml", kPasses);
  for (const char* form : {"json", "events"}) {
    Outcome told = sh(
        "rm -f one two; ln -s two one; ln -s one two; \"$faultrig\" run a.yaml "
        "--report " +
        std::string(form) + ":one");
    EXPECT_EQ(told.status.text(), "exited 3") << form;
    EXPECT_THAT(told.err, HasSubstr("write the report one: Too many levels"));
    EXPECT_TRUE(fs::is_symlink(folder() / "one"));
  }
  EXPECT_FALSE(fs::exists(folder() / "ran"));
}

// A file that may not grow further is as a disk that is full, but for us alone.
TEST_F(Reports, HaveWholeLinesWhenTheDiskIsFull) {
  for (int i = 0; i < 10; ++i) {
    write("s/" + std::to_string(i) + ".yaml", kPasses);
  }
  Outcome told =
      sh("ulimit -f 8; \"$faultrig\" run s --report events:e --report json:r; "
         "echo $?");
  EXPECT_THAT(told.out, HasSubstr("10 passed"));
  EXPECT_THAT(told.out, testing::EndsWith("\n3\n"));
  // Each that is missing is told of, and keeps what it had.
  EXPECT_THAT(told.err, HasSubstr("write the report e: File too large"));
  EXPECT_THAT(told.err, HasSubstr("write the report r: File too large"));
  EXPECT_THAT(read("r"),
              HasSubstr("\"cut_short\": \"faultrig was ended early"));
  std::string kept = read("e");
  EXPECT_GT(kept.size(), 500U);
  EXPECT_THAT(kept, testing::EndsWith("}\n"));
}

TEST_F(Reports, ThatAreNoneAreToldInOurWords) {
  write("a.yaml", kPasses);
  write("cut", "{\"format\": 1, ");
  write("other", "{\"format\": \"x\"}");
  for (const char* name : {"cut", "other"}) {
    Outcome told = sh("\"$faultrig\" merge " + std::string(name));
    EXPECT_EQ(told.status.text(), "exited 2");
    EXPECT_THAT(told.err, HasSubstr("is no report of --report json: "));
    EXPECT_THAT(told.err, Not(HasSubstr("exception")));
  }
}

// As a scenario that is not there.
TEST_F(Reports, ThatAreNotThereAreAMistakeOfWhoeverNamedThem) {
  write("a.yaml", kPasses);
  for (const char* words :
       {"merge none", "run a.yaml --rerun none", "run a.yaml --baseline none",
        "run a.yaml --shard 1/2 --timings none", "run a.yaml --quarantine none",
        "judge none", "atlas --score none", "sweep --baseline none -- true",
        "run none"}) {
    Outcome told = sh("\"$faultrig\" " + std::string(words));
    EXPECT_EQ(told.status.text(), "exited 2") << words << told.err;
  }
  EXPECT_FALSE(fs::exists(folder() / "ran"));
}

TEST_F(Reports, DoNotShareAFile) {
  write("a.yaml", kPasses);
  for (const char* reports :
       {"--report json:r --report junit:r",
        "--report json:r --report tap:./x/../r",
        "--report json:link --report junit:r", "--report json --report junit",
        "--report text --report gitlab",
        "--report json:/dev/stdout --report junit:/dev/stdout",
        "--report github --report json", "--report github --report github"}) {
    Outcome told = sh("mkdir -p x; ln -sf r link; \"$faultrig\" run a.yaml " +
                      std::string(reports));
    EXPECT_EQ(told.status.text(), "exited 2") << reports;
    EXPECT_THAT(told.err, HasSubstr("two reports go to")) << reports;
  }
  EXPECT_FALSE(fs::exists(folder() / "ran"));
  Outcome told =
      sh("\"$faultrig\" run a.yaml --report json:/dev/null --report "
         "junit:/dev/null --report github");
  EXPECT_EQ(told.status.text(), "exited 0") << told.err;
}

// What is read is not written over, by whatever name it is called.
TEST_F(Reports, TakeThePlaceOfNothingThatIsRead) {
  write("s/a.yaml",
        "workload: {command: ['false']}\nexpect:\n  - command: {exited: 0}\n");
  sh("mkdir parts; \"$faultrig\" run s --shard 1/1 --evidence kept --report "
     "json:parts/1.json --report json:known.json; ln -s known.json link; ln "
     "parts/1.json hard");
  write("q.yaml",
        "quarantine:\n  - {scenario: a, until: 9999-12-31, because: x}\n");
  for (const char* words :
       {"run s --quarantine q.yaml --report json:q.yaml",
        "run s --baseline known.json --report junit:link",
        "merge parts --report json:parts/1.json",
        "merge parts/1.json --report junit:hard",
        "judge kept/a --report json:kept/a/evidence.jsonl",
        "judge kept --report html:kept/a/../a/scenario.yaml"}) {
    Outcome told =
        sh("sha256sum q.yaml known.json parts/* kept/a/* >sums; "
           "\"$faultrig\" " +
           std::string(words) + "; echo $?; sha256sum -c --quiet sums");
    EXPECT_EQ(told.out, "2\n") << words;
    EXPECT_THAT(told.err, HasSubstr("would write over")) << words;
  }
}

TEST_F(Reports, DoNotTakeTheirScenarioForAReport) {
  write("a.yaml", kPasses);
  Outcome told = sh("\"$faultrig\" run a.yaml --report json:a.yaml");
  EXPECT_EQ(told.status.text(), "exited 2");
  EXPECT_THAT(told.err, HasSubstr("would write over a scenario"));
  EXPECT_EQ(read("a.yaml"), kPasses);
}

TEST_F(Reports, DoNotWaitForEverForAReader) {
  write("a.yaml", kPasses);
  Outcome told = sh("mkfifo f; \"$faultrig\" run a.yaml --report json:f");
  EXPECT_EQ(told.status.text(), "exited 3");
  EXPECT_THAT(told.err, HasSubstr("write the report f"));
  Outcome read_late =
      sh("(sleep 0.3; cat f >got) & \"$faultrig\" run a.yaml "
         "--report json:f; wait; grep -c '\"pass\": 1' got");
  EXPECT_THAT(read_late.out, HasSubstr("1\n"));
}

TEST_F(Reports, SayThatTheyWereRemoved) {
  write("a.yaml",
        "workload: {command: [rm, -r, d]}\n"
        "expect:\n  - command: {exited: 0}\n");
  Outcome told = sh("mkdir d; \"$faultrig\" run a.yaml --report events:d/e");
  EXPECT_EQ(told.status.text(), "exited 3");
  EXPECT_THAT(told.err, HasSubstr("the report d/e was removed"));
}

TEST_F(Reports, HaveNoCommandOfAPipelineInTheirText) {
  write("a.yaml",
        "workload: {command: [sh, -c, 'echo \"##vso[task.complete "
        "result=Succeeded;]\"; echo \"##[error]x\"; exit 1']}\n"
        "expect:\n  - command: {exited: 0}\n");
  for (const char* form : {"text", "gitlab"}) {
    Outcome told = sh("\"$faultrig\" run a.yaml --report " + std::string(form));
    EXPECT_THAT(told.out, HasSubstr("# #vso[task.complete")) << form;
    EXPECT_THAT(told.out, Not(HasSubstr("##vso["))) << form;
    EXPECT_THAT(told.out, Not(HasSubstr("##[error"))) << form;
  }
}

TEST_F(Reports, KeepTheModeAndTheLinkOfTheFileTheyReplace) {
  write("a.yaml", kPasses);
  Outcome told = sh(
      "mkdir d; echo old >d/r; chmod 640 d/r; ln -s d/r r; "
      "\"$faultrig\" run a.yaml --report json:r; stat -c %a d/r; readlink r");
  EXPECT_THAT(told.out, HasSubstr("640\nd/r\n"));
  EXPECT_THAT(read("d/r"), HasSubstr("\"pass\": 1"));
}

TEST_F(Reports, SayWhatDiffersBetweenRepetitions) {
  write("a.yaml",
        "workload: {command: [sh, -c, 'mkdir taken || kill -9 $$']}\n"
        "golden: false\nexpect:\n  - command: {exited: 0}\n");
  Outcome told =
      sh("\"$faultrig\" run a.yaml --repeat 3 --evidence kept "
         "--report json:r.json");
  EXPECT_EQ(told.status.text(), "exited 1");
  EXPECT_THAT(told.out, HasSubstr("2 of 3 killed by SIGKILL (fail), first #2: "
                                  "kept/a/repeat-2\n"));
  EXPECT_THAT(told.out, HasSubstr("1 of 3 exited 0 (pass), first #1: "
                                  "kept/a/repeat-1\n"));
  EXPECT_THAT(told.out, HasSubstr("flaky: differs first at trace "));
  EXPECT_THAT(read("r.json"), HasSubstr("\"flaky\": true"));
  EXPECT_THAT(read("r.json"), Not(HasSubstr("\"details\"")));
}

TEST_F(Reports, GoToAPipeAsTheyAre) {
  write("a.yaml", kPasses);
  Outcome told = sh(
      "mkfifo p; cat p >got & \"$faultrig\" run a.yaml --report json:p; wait");
  EXPECT_THAT(read("got"), HasSubstr("\"pass\": 1"));
  EXPECT_THAT(told.out, HasSubstr("ok    a"));
}

TEST_F(Reports, OfGithubAddToTheSummaryOfItsStep) {
  write("bad.yaml", kHostile);
  write("summary", "before\n");
  Outcome told = sh(
      "GITHUB_STEP_SUMMARY=summary \"$faultrig\" run bad.yaml --report github");
  EXPECT_THAT(read("summary"),
              HasSubstr("before\n## faultrig\n\n0 passed, 1 failed"));
  EXPECT_EQ(told.out.find("::stop-commands::"), 0U);
  EXPECT_THAT(told.out, HasSubstr("\n::error file=bad.yaml,line=4,"));
}

}  // namespace
}  // namespace faultrig
