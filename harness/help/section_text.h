#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/model/schema.h"

namespace faultrig {

// One key of a section as a reader of help texts sees it.
struct KeyRow {
  std::string key;
  std::string kind;
  std::string text;  // summary, what is required, choices and default
};

// All keys of a section: its fields, and those that hold other sections.
std::vector<KeyRow> rows_of(const Section& section);

// What the keys may do together: `exactly one of error, returns`.
std::vector<std::string> rules_of(const Section& section);

// A key that holds another section, and so is no Field.
struct OuterKey {
  std::string_view section;  // name of the one it stands in
  std::string_view key;
  std::string_view kind;
  std::string_view summary;
};
const std::vector<OuterKey>& outer_keys();

// `memory: {max: 64MiB}`: the section with as few keys as it takes, as YAML on
// one line.
std::string example_of(const Section& section);

// `section` without the fields that `known` has too, and the rules of those.
Section beyond(Section section, const Section& known);

}  // namespace faultrig
