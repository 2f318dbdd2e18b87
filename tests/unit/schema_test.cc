#include "harness/model/schema.h"

#include <algorithm>
#include <functional>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/base/names.h"
#include "harness/help/scenario_schema.h"
#include "harness/parse/section_reader.h"
#include "harness/parse/value_reader.h"
#include "harness/parse/yaml_tree.h"
#include "tests/unit/sample_language.h"

namespace faultrig {
namespace {

using Json = nlohmann::json;
using Keys = std::set<std::string>;

const Json& schema() {
  static const Json parsed = Json::parse(scenario_schema(sample_language()));
  return parsed;
}

// The map of a section, also where a bare value may stand for it.
const Json& map_in(const Json& section) {
  return section.contains("anyOf") ? section["anyOf"][1] : section;
}

const Json& injector(const std::string& name) {
  return map_in(schema()["properties"]["faults"]["items"]["properties"][name]);
}

const Json& expectation(const std::string& name) {
  return map_in(schema()["properties"]["expect"]["items"]["properties"][name]);
}

Keys keys_of(const Json& map) {
  Keys keys;
  for (const auto& [key, value] : map["properties"].items()) {
    keys.insert(key);
  }
  return keys;
}

Keys keys_of(const Section& section, Keys more = {}) {
  for (const Field& field : section.fields) {
    more.insert(std::string(field.key));
  }
  return more;
}

const std::vector<const Section*>& own_sections() {
  static const std::vector<const Section*> sections{
      &scenario_section(),     &workload_section(), &go_test_section(),
      &service_section(),      &ready_section(),    &go_build_section(),
      &load_section(),         &http_section(),     &grpc_section(),
      &fault_common_section(), &trigger_section()};
  return sections;
}

TEST(Schema, FindsFieldsAndSectionsByName) {
  EXPECT_EQ(find_field(sample_memory(), "max")->kind, Kind::size);
  EXPECT_EQ(find_field(sample_memory(), "mxa"), nullptr);
  EXPECT_EQ(find_section(sample_language().injectors, "memory"),
            &sample_memory());
  EXPECT_EQ(find_section(sample_language().injectors, "test"), nullptr);
}

TEST(Schema, EveryKindHasANameAndAnExample) {
  for (int i = 0; i <= static_cast<int>(Kind::target); ++i) {
    auto kind = static_cast<Kind>(i);
    EXPECT_FALSE(kind_name(kind).empty()) << i;
    EXPECT_FALSE(kind_summary(kind).empty()) << i;
  }
}

TEST(Schema, EveryFieldOfTheLanguageSaysWhatItIs) {
  for (const Section* section : own_sections()) {
    EXPECT_FALSE(section->summary.empty()) << section->name;
    for (const Field& field : section->fields) {
      EXPECT_FALSE(field.summary.empty()) << field.key;
      EXPECT_FALSE(field.summary.ends_with('.')) << field.key;
      bool chooses = field.kind == Kind::choice || field.kind == Kind::target;
      EXPECT_EQ(chooses, !field.choices.empty()) << field.key;
    }
  }
}

TEST(Schema, EveryDefaultIsAValueOfItsKind) {
  for (const Section* section : own_sections()) {
    for (const Field& field : section->fields) {
      if (!field.fallback.empty()) {
        fallback_value(field);  // asserts
      }
    }
  }
}

TEST(ScenarioSchema, IsOfDraftSevenAndClosed) {
  EXPECT_EQ(schema()["$schema"], "http://json-schema.org/draft-07/schema#");
  EXPECT_EQ(schema()["additionalProperties"], false);
  EXPECT_EQ(injector("memory")["additionalProperties"], false);
  EXPECT_EQ(schema()["properties"]["workload"]["additionalProperties"], false);
}

TEST(ScenarioSchema, HasExactlyTheKeysOfTheTables) {
  const Json& workload = schema()["properties"]["workload"];
  EXPECT_EQ(keys_of(schema()),
            keys_of(scenario_section(), {"workload", "faults", "observe",
                                         "expect", "sweep", "allow"}));
  EXPECT_EQ(keys_of(workload),
            keys_of(workload_section(), {"go_test", "service", "load"}));
  EXPECT_EQ(keys_of(workload["properties"]["go_test"]),
            keys_of(go_test_section()));
  EXPECT_EQ(keys_of(schema()["definitions"]["when"]["oneOf"][1]),
            keys_of(trigger_section()));
  EXPECT_EQ(keys_of(schema()["definitions"]["until"]),
            keys_of(until_section()));
  Keys common = keys_of(fault_common_section(), {"when", "until"});
  for (const Section* section : sample_language().injectors) {
    EXPECT_EQ(keys_of(injector(std::string(section->name))),
              keys_of(*section, common));
  }
  for (const Section* section : sample_language().expectations) {
    EXPECT_EQ(keys_of(expectation(std::string(section->name))),
              keys_of(*section));
  }
}

// Does the reader know this key, whatever it says to its value?
bool reader_knows(const Section& section, const std::string& key) {
  Complaints complaints;
  auto node = read_yaml(key + ": [[]]\n", complaints);
  read_section(section, *node, complaints);
  for (const Complaint& complaint : complaints.take()) {
    if (complaint.what.starts_with("unknown key")) {
      return false;
    }
  }
  return true;
}

TEST(ScenarioSchema, HasExactlyTheKeysThatTheReaderTakes) {
  for (const Section* section : sample_language().expectations) {
    for (const std::string& key :
         keys_of(expectation(std::string(section->name)))) {
      EXPECT_TRUE(reader_knows(*section, key)) << section->name << key;
    }
  }
  for (const std::string& key :
       keys_of(schema()["properties"]["workload"]["properties"]["go_test"])) {
    EXPECT_TRUE(reader_knows(go_test_section(), key)) << key;
    EXPECT_FALSE(reader_knows(go_test_section(), key + "x")) << key;
  }
}

// Every value of every `properties`, wherever it is.
void each_property(const Json& node,
                   const std::function<void(const Json&)>& look) {
  if (node.contains("properties")) {
    for (const auto& [key, value] : node["properties"].items()) {
      look(value);
    }
  }
  for (const auto& [key, value] : node.items()) {
    if (value.is_structured()) {
      each_property(value, look);
    }
  }
}

TEST(ScenarioSchema, TakesCallsBehindEachOther) {
  const Json& calls = schema()["properties"]["sweep"]["properties"]["stop"]
                              ["properties"]["over"]["properties"]["calls"];
  std::string pattern = calls["anyOf"].back()["pattern"];
  EXPECT_TRUE(std::regex_match("%network,%file", std::regex(pattern)));
  EXPECT_FALSE(std::regex_match("%network,", std::regex(pattern)));
}

TEST(ScenarioSchema, DescribesEveryKey) {
  int seen = 0;
  each_property(schema()["properties"], [&](const Json& property) {
    ++seen;
    bool form_of_count = property.contains("minimum");
    bool of_sequence = property.contains("$ref") || property.contains("anyOf");
    if (!form_of_count && !of_sequence && property.contains("enum")) {
      EXPECT_TRUE(property.contains("description")) << property;
    }
  });
  EXPECT_GT(seen, 50);
  for (const auto& [key, value] : injector("memory")["properties"].items()) {
    EXPECT_FALSE(value["description"].get<std::string>().empty()) << key;
  }
}

TEST(ScenarioSchema, ListsWhatAWordMayBe) {
  auto has = [](const Json& list, const char* word) {
    return std::find(list.begin(), list.end(), word) != list.end();
  };
  const Json& words = schema()["definitions"];
  EXPECT_TRUE(has(words["signal"]["enum"], "SIGTERM"));
  EXPECT_TRUE(has(words["signal"]["enum"], "TERM"));
  EXPECT_TRUE(has(words["error"]["enum"], "EIO"));
  EXPECT_TRUE(has(words["error"]["enum"], "EWOULDBLOCK"));
  EXPECT_TRUE(has(words["call"]["enum"], "openat"));
  EXPECT_TRUE(has(words["call"]["enum"], "%file"));
  EXPECT_EQ(injector("signal")["properties"]["to"]["enum"].size(), 5U);
}

TEST(ScenarioSchema, EveryWordItListsIsTakenByTheReader) {
  Complaints complaints;
  const Json& words = schema()["definitions"];
  auto read_all = [&](Kind kind, const Json& list) {
    for (const Json& word : list) {
      YamlNode node;
      node.kind = YamlNode::Kind::scalar;
      node.scalar = word.get<std::string>();
      EXPECT_TRUE(read_value({.key = "x", .kind = kind}, node, complaints))
          << word;
    }
  };
  read_all(Kind::signal, words["signal"]["enum"]);
  read_all(Kind::error_number, words["error"]["enum"]);
  read_all(Kind::calls, words["call"]["enum"]);
}

TEST(ScenarioSchema, TakesNumbersWhereTheReaderDoes) {
  auto trigger = schema()["definitions"]["when"]["oneOf"][1]["properties"];
  EXPECT_FALSE(trigger["listening"].contains("const"));
  auto load = schema()["properties"]["workload"]["properties"]["load"]["items"];
  auto http = load["properties"]["http"]["anyOf"][1]["properties"];
  EXPECT_EQ(http["version"]["enum"], Json({"1.1", 1.1, "2", 2}));
  auto count = schema()["definitions"]["count"]["oneOf"][0]["anyOf"];
  EXPECT_EQ(count[1]["type"], "array");
  EXPECT_EQ(count[1]["minItems"], 1);
}

TEST(ScenarioSchema, TakesOfADependencyThatIsSweptWhatTheReaderDoes) {
  auto keys = schema()["properties"]["sweep"]["properties"]["dependencies"]
                      ["properties"];
  for (const char* key : {"does", "when"}) {
    EXPECT_EQ(keys[key]["anyOf"][1]["minItems"], 1) << key;
  }
  auto numbers = keys["does"]["anyOf"][0]["oneOf"][1]["properties"];
  EXPECT_EQ(numbers["answer"]["minimum"], 200);
  EXPECT_EQ(numbers["answer"]["maximum"], 599);
  EXPECT_EQ(numbers["connections"]["minimum"], 0);
}

TEST(ScenarioSchema, SaysWhatIsRequiredAndWhatExcludesEachOther) {
  EXPECT_EQ(schema()["required"], Json({"workload"}));
  EXPECT_EQ(injector("memory")["required"], Json({"max"}));
  EXPECT_EQ(injector("syscall")["allOf"][0]["oneOf"].size(), 3U);
  EXPECT_EQ(expectation("output")["minProperties"], 1);
  EXPECT_EQ(schema()["properties"]["faults"]["items"]["maxProperties"], 1);
  EXPECT_EQ(expectation("tests")["additionalProperties"]["enum"].size(), 4U);
}

}  // namespace
}  // namespace faultrig
