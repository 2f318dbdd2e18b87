// yaml-cpp says what it stumbled over in the words of its scanner. Who wrote
// the scenario is told what to write instead.
#include "harness/parse/yaml_words.h"

#include <array>

namespace faultrig {

namespace {

// yaml-cpp's words, and ours for the author.
struct Wording {
  std::string_view theirs;
  std::string_view ours;
};

constexpr std::string_view kNoAnchors =
    "no anchors and aliases here: write the value out";
constexpr std::string_view kNoTags =
    "no tags here: a key says what its value is";
constexpr std::string_view kNoDirectives =
    "no directives (%) here: leave the line out";

constexpr std::array<Wording, 33> kWordings{{
    {"unknown token",
     "a text cannot begin with this character: put it in quotes"},
    {"illegal map value",
     "a ':' cannot stand here (quote the text, or check the indentation)"},
    {"illegal map key", "no key can stand here (check the indentation)"},
    {"illegal block entry",
     "no '-' of a list can stand here (check the indentation)"},
    {"illegal flow end", "this closes no '[' or '{' above"},
    {"illegal EOF in scalar", "a quote above is not closed"},
    {"illegal document indicator in scalar",
     "a quote above is not closed: a line of '---' or '...' ends the document"},
    {"illegal character in scalar",
     "this character cannot stand here: put the text in quotes"},
    {"illegal tab when looking for indentation",
     "a tab cannot indent: use blanks"},
    {"end of map not found",
     "this is no part of the map above (check the indentation)"},
    {"end of sequence not found",
     "this is no part of the list above (check the indentation)"},
    {"end of sequence flow not found", "a '[' above is not closed"},
    {"end of map flow not found", "a '{' above is not closed"},
    {"unknown escape character",
     "no such escape: in double quotes write a backslash twice, or use single "
     "quotes"},
    {"bad character found while scanning hex number",
     "an escape such as \\x41 or \\u00e9 needs hexadecimal digits"},
    {"invalid unicode", "this escape is no character of Unicode"},
    {"cannot set zero indentation for a block scalar",
     "the indentation of a '|' or '>' is 1 or more"},
    {"unexpected character in block scalar",
     "nothing can stand behind a '|' or '>' but '+', '-' and a digit"},
    {"the referenced anchor is not defined", kNoAnchors},
    {"alias", kNoAnchors},
    {"anchor not found after", kNoAnchors},
    {"aliases can't", kNoAnchors},
    {"illegal character found while scanning alias", kNoAnchors},
    {"illegal character found while scanning anchor", kNoAnchors},
    {"cannot assign multiple a", kNoAnchors},
    {"cannot assign multiple tags", kNoTags},
    {"tag handle", kNoTags},
    {"end of verbatim tag", kNoTags},
    {"illegal character found while scanning tag", kNoTags},
    {"YAML ", kNoDirectives},
    {"bad YAML version", kNoDirectives},
    {"repeated ", kNoDirectives},
    {"TAG directives", kNoDirectives},
}};

}  // namespace

std::string yaml_trouble(std::string_view theirs) {
  for (const Wording& wording : kWordings) {
    if (theirs.starts_with(wording.theirs)) {
      return std::string(wording.ours);
    }
  }
  return "this cannot be read as YAML";
}

}  // namespace faultrig
