#include "harness/store/secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultrig {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Workload with_env(std::map<std::string, std::string> env) {
  Workload out;
  out.env = std::move(env);
  return out;
}

TEST(Secrets, AreKnownByTheirNames) {
  for (const char* name : {"API_TOKEN", "clientSecret", "DB_PASSWORD",
                           "AWS_SECRET_ACCESS_KEY", "GOOGLE_CREDENTIALS"}) {
    EXPECT_TRUE(names_secret(name)) << name;
  }
  for (const char* name : {"PATH", "GODEBUG", "HOME", ""}) {
    EXPECT_FALSE(names_secret(name)) << name;
  }
}

TEST(Secrets, GoFromTheScenarioInEachWayToWriteThem) {
  std::string yaml =
      "workload:\n"
      "  env: {A_KEY: 'it''s', B_KEY: \"a\\\"b\", C_KEY: c d, PLAIN: seen}\n"
      "other:\n"
      "  D_KEY: 7\n"
      "  'E_KEY' : last\n";
  Mask mask(with_env({{"A_KEY", "it's"},
                      {"B_KEY", "a\"b"},
                      {"C_KEY", "c d"},
                      {"D_KEY", "7"},
                      {"E_KEY", "last"},
                      {"PLAIN", "seen"}}),
            {}, yaml);
  EXPECT_EQ(mask.yaml(yaml),
            "workload:\n"
            "  env: {A_KEY: MASKED, B_KEY: MASKED, C_KEY: MASKED, PLAIN: "
            "seen}\n"
            "other:\n"
            "  D_KEY: MASKED\n"
            "  'E_KEY' : MASKED\n");
}

TEST(Secrets, GoFromAllThatIsKept) {
  Mask mask(with_env({{"API_TOKEN", "tok-1234"}}), {"HOME=/home/somebody"}, "");
  Evidence::Parts parts;
  parts.out = "tok-1234, twice tok-1234\n";
  parts.err = "nothing\n";
  parts.golden_trouble = "said tok-1234";
  Observation seen;
  seen.text = "sh -c 'curl -H tok-1234'";
  seen.path = "/tmp/tok-1234";
  parts.trace.push_back(seen);
  Evidence::Parts masked = mask.parts(parts);
  EXPECT_EQ(masked.out, "MASKED, twice MASKED\n");
  EXPECT_EQ(masked.err, "nothing\n");
  EXPECT_EQ(masked.golden_trouble, "said MASKED");
  EXPECT_EQ(masked.trace[0].text, "sh -c 'curl -H MASKED'");
  EXPECT_EQ(masked.trace[0].path, "/tmp/MASKED");
}

// An expectation and the output that it looks at change together.
TEST(Secrets, GoFromAJudgement) {
  Workload workload;
  workload.env["API_TOKEN"] = "hunter2hunter2";
  Judgement judgement;
  Finding finding;
  finding.because = "printed hunter2hunter2";
  judgement.findings.push_back(finding);
  judgement.observed = "hunter2hunter2 exited 0";
  Judgement shown = Mask(workload, {}, "").judgement(judgement);
  EXPECT_EQ(shown.findings[0].because, "printed MASKED");
  EXPECT_EQ(shown.observed, "MASKED exited 0");
}

TEST(Secrets, AreMaskedInExpectationsToo) {
  std::string yaml =
      "env: {API_TOKEN: tok-1234}\nexpect: [{output: {contains: tok-1234}}]\n";
  Mask mask(with_env({{"API_TOKEN", "tok-1234"}}), {}, yaml);
  EXPECT_THAT(mask.yaml(yaml), HasSubstr("contains: MASKED"));
}

TEST(Secrets, OfTheUserAreMaskedUnlessTheScenarioHasThem) {
  Mask mask({}, {"MY_TOKEN=hidden-value", "X_KEY=in-the-scenario", "K_KEY=abc"},
            "expect: in-the-scenario");
  EXPECT_EQ(mask.text("hidden-value in-the-scenario abc"),
            "MASKED in-the-scenario abc");
}

TEST(Secrets, OnALineOfTheirOwnAreLeftForTheCheckToFind) {
  std::string yaml = "env:\n  A_KEY:\n    abc\n";
  Mask mask(with_env({{"A_KEY", "abc"}}), {}, yaml);
  EXPECT_EQ(mask.yaml(yaml), yaml);
}

TEST(Secrets, OfManyLinesAreMaskedLineByLine) {
  Mask mask(with_env({{"PRIVATE_KEY", "-----BEGIN\nabcdefghij\n-----END--\n"}}),
            {}, "");
  EXPECT_THAT(mask.text("  abcdefghij\n"), Not(HasSubstr("abc")));
}

TEST(Secrets, OfTheUserOfManyLinesAreMaskedLineByLine) {
  Mask mask({}, {"PRIVATE_KEY=-----BEGIN\n  abcdefghij\r\nklmnopqrst\nshort\n"},
            "");
  EXPECT_EQ(mask.text("    x_test.go:7: -----BEGIN\n        abcdefghij\n"
                      "        klmnopqrst\n"),
            "    x_test.go:7: MASKED\n        MASKED\n        MASKED\n");
  EXPECT_EQ(mask.text("abcdefghij\\nklmnopqrst short"),
            "MASKED\\nMASKED short");
}

TEST(Secrets, AreMaskedWithinQuotesAndEventsToo) {
  Mask mask({}, {"A_TOKEN=a\"b\\c<d>&e"}, "");
  EXPECT_EQ(mask.text("a\"b\\c<d>&e"), "MASKED");
  EXPECT_EQ(mask.text("\"a\\\"b\\\\c<d>&e\""), "\"MASKED\"");
  EXPECT_EQ(mask.text("{\"Output\":\"a\\\"b\\\\c\\u003cd\\u003e\\u0026e\"}"),
            "{\"Output\":\"MASKED\"}");
}

TEST(Secrets, AreNoTroubleWhereThereAreNone) {
  Mask mask(with_env({{"PLAIN", "value"}}), {"PATH=/usr/bin:/bin"}, "");
  EXPECT_TRUE(mask.empty());
  EXPECT_EQ(mask.yaml("env: {PLAIN: value}"), "env: {PLAIN: value}");
}

}  // namespace
}  // namespace faultrig
