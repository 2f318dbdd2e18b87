// What is read of an export of spans, in both forms, and of bytes that are
// none.
#include "harness/spans/otlp.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/spans/span_lines.h"
#include "tests/unit/span_image.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kProtobuf = "application/x-protobuf";
const std::string kJson = "application/json; charset=utf-8";

ExportedSpans read(const std::string& body, std::size_t most = 100) {
  auto out = spans_of_protobuf(body, most);
  EXPECT_TRUE(out);
  return out.value_or({});
}

ExportedSpans read_json(const std::string& body) {
  auto out = spans_of_json(body, 100);
  EXPECT_TRUE(out);
  return out.value_or({});
}

std::string trouble(const std::string& type, const std::string& encoding,
                    const std::string& body) {
  auto out = read_spans(type, encoding, body, 100);
  return out ? "none" : out.error().what;
}

TEST(Otlp, ReadsASpanOfProtobuf) {
  SpanImage image;
  image.parent = std::string(8, '\x33');
  image.rest = SpanImage::failed("no prices") +
               SpanImage::bytes(9, SpanImage::text("error.type", "*fs.Error"));
  image.resource =
      SpanImage::bytes(1, SpanImage::text("service.name", "orders")) +
      SpanImage::bytes(1, SpanImage::count("process.pid", 77));
  ExportedSpans all = read(image.file());
  ASSERT_THAT(all.spans, SizeIs(1));
  const Span& span = all.spans[0];
  EXPECT_EQ(span.service, "orders");
  EXPECT_EQ(span.pid, 77);
  EXPECT_EQ(span.trace, "11111111111111111111111111111111");
  EXPECT_EQ(span.id, "2222222222222222");
  EXPECT_EQ(span.parent, "3333333333333333");
  EXPECT_EQ(span.name, "GET /");
  EXPECT_EQ(span.kind, "server");
  EXPECT_EQ(span.start_ns, 1000);
  EXPECT_EQ(span.end_ns, 3000);
  EXPECT_EQ(span.status, SpanStatus::error);
  EXPECT_EQ(span.message, "no prices");
  EXPECT_EQ(span.error, "*fs.Error");
}

TEST(Otlp, TakesTheExceptionWhereNoErrorIsNamed) {
  SpanImage image;
  image.rest = SpanImage::bytes(
      11,
      SpanImage::bytes(2, "exception") +
          SpanImage::bytes(3, SpanImage::text("exception.type", "*url.Error")));
  EXPECT_EQ(read(image.file()).spans.at(0).error, "*url.Error");
}

TEST(Otlp, ReadsASpanOfJson) {
  ExportedSpans all = read_json(R"({"resourceSpans": [{
    "resource": {"attributes": [
      {"key": "service.name", "value": {"stringValue": "orders"}},
      {"key": "process.pid", "value": {"intValue": "77"}}]},
    "scopeSpans": [{"spans": [{
      "traceId": "5B8EFFF798038103D269B633813FC60C",
      "spanId": "eee19b7ec3c1b174", "parentSpanId": "",
      "name": "PlaceOrder", "kind": 3,
      "startTimeUnixNano": "1000", "endTimeUnixNano": 3000,
      "status": {"code": 2, "message": "no prices"},
      "events": [{"attributes": [{"key": "exception.type",
        "value": {"stringValue": "*fs.Error"}}]}]}]}]}]})");
  ASSERT_THAT(all.spans, SizeIs(1));
  const Span& span = all.spans[0];
  EXPECT_EQ(span.service, "orders");
  EXPECT_EQ(span.pid, 77);
  EXPECT_EQ(span.trace, "5b8efff798038103d269b633813fc60c");
  EXPECT_EQ(span.parent, "");
  EXPECT_EQ(span.kind, "client");
  EXPECT_EQ(span.end_ns - span.start_ns, 2000);
  EXPECT_EQ(span.status, SpanStatus::error);
  EXPECT_EQ(span.error, "*fs.Error");
}

TEST(Otlp, RefusesIdsOfAnotherLengthAndTimesThatRunBackward) {
  SpanImage of_base64;
  of_base64.trace = std::string(24, '\x11');
  SpanImage nobody;
  nobody.id = std::string(8, '\0');
  SpanImage backward;
  backward.end = 999;
  SpanImage beyond;
  beyond.end = ~std::uint64_t{0};
  SpanImage good;
  ExportedSpans all = read(of_base64.file() + nobody.file() + backward.file() +
                           beyond.file() + good.file());
  EXPECT_THAT(all.spans, SizeIs(1));
  EXPECT_EQ(all.refused, 4U);
  EXPECT_EQ(read_json(R"({"resourceSpans": [{"scopeSpans": [{"spans": [
    {"traceId": "xy", "spanId": 7, "name": []}, null, 3]}]}]})")
                .refused,
            3U);
}

// A span of JSON with this status.
ExportedSpans with_status(const std::string& status) {
  return read_json(R"({"resourceSpans": [{"scopeSpans": [{"spans": [{
      "traceId": "5B8EFFF798038103D269B633813FC60C",
      "spanId": "eee19b7ec3c1b174", "startTimeUnixNano": "1000",
      "endTimeUnixNano": 3000, "status": )" +
                   status + "}]}]}]}");
}

TEST(Otlp, TakesTheWordsOfAStatusInJson) {
  for (const char* error :
       {R"({"code": 2})", R"({"code": "STATUS_CODE_ERROR"})",
        R"({"code": 2.0})", R"({"code": "2"})"}) {
    ASSERT_THAT(with_status(error).spans, SizeIs(1)) << error;
    EXPECT_EQ(with_status(error).spans[0].status, SpanStatus::error);
  }
  for (const char* unset : {"{}", "null", R"({"message": "x"})",
                            R"({"code": "STATUS_CODE_UNSET"})"}) {
    ASSERT_THAT(with_status(unset).spans, SizeIs(1)) << unset;
    EXPECT_EQ(with_status(unset).spans[0].status, SpanStatus::unset);
  }
  for (const char* unknown :
       {R"({"code": 3})", R"({"code": "error"})", R"({"code": -1})",
        R"({"statusCode": 2})", "2", R"("ERROR")"}) {
    EXPECT_THAT(with_status(unknown).spans, IsEmpty()) << unknown;
    EXPECT_EQ(with_status(unknown).refused, 1U) << unknown;
  }
}

TEST(Otlp, CountsSpansBelowOtherNames) {
  auto refused = [](const std::string& json) {
    return read_json(json).refused;
  };
  EXPECT_EQ(refused(R"({"resourceSpans": [{"scope_spans": [{}]}]})"), 1U);
  EXPECT_EQ(refused(R"({"resourceSpans": [
                {"instrumentationLibrarySpans": [{}, {}]}]})"),
            2U);
  EXPECT_EQ(refused(R"({"resource_spans": [{}]})"), 1U);
  EXPECT_EQ(refused(R"({"resourceSpans": {}})"), 1U);
  EXPECT_EQ(refused(R"({"resourceSpans": [{"scopeSpans": [7]}]})"), 1U);
  EXPECT_EQ(refused(R"({"resourceSpans": [{"schemaUrl": "x", "resource": {},
                "scopeSpans": [{"scope": {}, "spans": []}]}]})"),
            0U);
  EXPECT_EQ(read(SpanImage::bytes(1, SpanImage::bytes(1000, "x"))).refused, 1U);
}

TEST(Otlp, CountsWhatIsBeyondTheMost) {
  ExportedSpans all =
      read(SpanImage().file() + SpanImage().file() + SpanImage().file(), 2);
  EXPECT_THAT(all.spans, SizeIs(2));
  EXPECT_EQ(all.beyond, 1U);
}

TEST(Otlp, CutsTextsAndMakesThemUtf8) {
  SpanImage image;
  image.name = std::string(10'000, 'x') + "\xff";
  EXPECT_THAT(read(image.file()).spans.at(0).name, SizeIs(256));
  image.name = "\xff<";
  EXPECT_EQ(read(image.file()).spans.at(0).name, "\xEF\xBF\xBD<");
}

TEST(Otlp, TakesNothingOfWhatIsCut) {
  std::string whole = SpanImage().file();
  for (std::size_t size = 1; size < whole.size(); ++size) {
    EXPECT_FALSE(spans_of_protobuf(whole.substr(0, size), 100)) << size;
  }
  EXPECT_THAT(read("").spans, IsEmpty());
  EXPECT_FALSE(spans_of_json(R"({"resourceSpans": [{)", 100));
  EXPECT_FALSE(spans_of_json("[]", 100));
}

TEST(Otlp, TakesFieldsOfAnotherKindForUnknownOnes) {
  SpanImage image;
  image.rest = SpanImage::number(5, 7) + SpanImage::bytes(6, "x") +
               SpanImage::number(7, 9) + SpanImage::bytes(99, "new");
  EXPECT_THAT(read(image.file()).spans, SizeIs(1));
}

TEST(Otlp, RefusesJsonThatIsNestedWithoutAnEnd) {
  EXPECT_THAT(trouble(kJson, "", std::string(1 << 20, '[')),
              HasSubstr("nested too deeply"));
  EXPECT_EQ(trouble(kJson, "", R"({"a": "[[[[\"[["})"), "none");
}

TEST(Otlp, KnowsTheFormByItsHead) {
  EXPECT_EQ(trouble(kProtobuf, "", SpanImage().file()), "none");
  EXPECT_EQ(trouble(kJson, "identity", "{}"), "none");
  EXPECT_THAT(trouble("text/plain", "", "x"), HasSubstr("text/plain"));
  EXPECT_THAT(trouble("a\x1b[2J", "", "x"), HasSubstr("a\\x1b[2j"));
  EXPECT_THAT(trouble(kProtobuf, "zstd", "x"), HasSubstr("zstd"));
  EXPECT_THAT(trouble(kProtobuf, "gzip", "x"), HasSubstr("no gzip"));
}

// `gzip -9n` of `{}`.
TEST(Otlp, UnpacksGzip) {
  const std::string packed(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\xae\x05\x00\x43\xbf\xa6\xa3"
      "\x02\x00\x00\x00",
      22);
  EXPECT_EQ(trouble(kJson, "gzip", packed), "none");
  EXPECT_THAT(trouble(kJson, "GZIP", packed.substr(0, 12)), HasSubstr("cut"));
}

TEST(SpanLines, SayWhatTheyWereMadeOf) {
  SpansCame came{5, 7, read(SpanImage().file()).spans};
  auto back = span_news_from(to_line(came));
  ASSERT_TRUE(back);
  const auto& same = std::get<SpansCame>(*back);
  EXPECT_EQ(same.monotonic_ns, 5);
  EXPECT_EQ(same.wall_ns, 7);
  EXPECT_EQ(same.spans.at(0).trace, came.spans[0].trace);
  EXPECT_EQ(same.spans.at(0).end_ns, 3000);
  EXPECT_EQ(
      std::get<ReceiverReady>(*span_news_from(to_line(ReceiverReady{9}))).port,
      9);
  auto missed = span_news_from(to_line(SpansMissed{3, "why"}));
  EXPECT_EQ(std::get<SpansMissed>(*missed).why, "why");
  EXPECT_TRUE(std::holds_alternative<ReceiverDone>(
      *span_news_from(to_line(ReceiverDone()))));
  EXPECT_FALSE(span_news_from("{"));
  EXPECT_FALSE(span_news_from("{}"));
}

}  // namespace
}  // namespace faultrig
