#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace house {

// A link of a page: `[text](target)`.
struct PageLink {
  std::string text;
  std::string target;
  std::size_t at = 0;  // where it stands in Page::prose
  std::size_t size = 0;
};

// A page of Markdown, as far as links are concerned.
struct Page {
  std::string prose;  // lines joined by blanks; code, front matter: blanked
  std::vector<PageLink> links;
  std::vector<std::string> headings;  // as written, without their #
  std::vector<std::string> anchors;   // of the headings, by GitHub's rule
};

Page read_page(std::string_view text);

// GitHub's anchor of a heading that stands once: lower case, blanks become
// dashes, and of what is neither letter, digit, dash nor underscore nothing
// stays.
std::string anchor_of(std::string_view heading);

}  // namespace house
