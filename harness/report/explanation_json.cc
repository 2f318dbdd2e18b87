#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/report/explanation_text.h"

namespace faultrig {

namespace {

using Json = nlohmann::ordered_json;

Json cause_json(const Cause& cause) {
  Json json;
  json["id"] = cause.id;
  json["title"] = cause.title;
  json["link"] = cause.link;
  json["explain"] = cause.explain;
  json["do"] = cause.advice;
  if (!cause.settle.empty()) {
    json["settle"] = cause.settle;
  }
  json["scenario"] = cause.scenario;
  return json;
}

Json quotes_json(const std::vector<Quote>& quotes) {
  Json json = Json::array();
  for (const Quote& quote : quotes) {
    json.push_back({{"line", quote.line},
                    {"speaker", quote.speaker},
                    {"text", valid_utf8(quote.text)}});
  }
  return json;
}

Json words_json(const std::vector<std::string_view>& words) {
  Json json = Json::array();
  for (std::string_view word : words) {
    json.push_back(std::string(word));
  }
  return json;
}

Json explanation_json(const Explanation& one) {
  Json json;
  if (!one.where.empty()) {
    json["evidence"] = valid_utf8(one.where);
  }
  json["package"] = valid_utf8(one.package);
  json["verdict"] = one.verdict;
  json["test"] = one.test;
  for (const std::string& test : one.tests) {
    json["tests"].push_back(valid_utf8(test));
  }
  json["causes"] = Json::array();
  for (const Named& named : one.causes) {
    Json cause = cause_json(*named.cause);
    cause["sure"] = sure_name(named.sure);
    json["causes"].push_back(std::move(cause));
  }
  for (const Cause* cause : one.among) {
    json["perhaps"].push_back(cause->id);
  }
  if (!one.quotes.empty()) {
    json["quotes"] = quotes_json(one.quotes);
  }
  if (!one.against.empty()) {
    json["against"] = words_json(one.against);
  }
  for (const Weighed& weighed : one.outranked) {
    const Named& named = weighed.named;
    json["outranked"].push_back({{"id", named.cause->id},
                                 {"sure", sure_name(named.sure)},
                                 {"rank", named.cause->rank},
                                 {"quotes", quotes_json(weighed.quotes)},
                                 {"against", words_json(weighed.against)}});
  }
  return json;
}

std::string dumped(const Json& json) {
  return for_json(json.dump(2, ' ', false, Json::error_handler_t::replace)) +
         "\n";
}

}  // namespace

std::string explained_json(const Explained& explained,
                           std::string_view subject) {
  Json json;
  json["faultrig"] = FAULTRIG_VERSION;
  json["of"] = valid_utf8(subject);
  json["packages"] = explained.packages;
  json["untold"] = explained.untold;
  json["lines"] = explained.lines;
  if (explained.trouble) {
    json["trouble"] = {{"line", explained.trouble->line},
                       {"speaker", explained.trouble->speaker},
                       {"text", valid_utf8(explained.trouble->text)}};
  }
  json["explanations"] = Json::array();
  for (const Explanation& one : explained.explanations) {
    json["explanations"].push_back(explanation_json(one));
  }
  return dumped(json);
}

std::string code_json(const AskedCode& asked,
                      const std::vector<Showing>& showings) {
  Json json;
  json["faultrig"] = FAULTRIG_VERSION;
  json["code"] = asked.code;
  if (!asked.note.empty()) {
    json["note"] = asked.note;
  }
  json["causes"] = Json::array();
  for (const Showing& one : showings) {
    Json cause = cause_json(*one.cause);
    cause["at"] = one.link;
    cause["shows"] = one.shows;
    json["causes"].push_back(std::move(cause));
  }
  return dumped(json);
}

}  // namespace faultrig
