// Just enough of Markdown: what is code is no prose, and holds no link.
#include "tests/house/markdown.h"

#include <cctype>
#include <map>

#include <re2/re2.h>

#include "tests/house/checks.h"

namespace house {
namespace {

// Blanks, so that positions stay.
std::string without_inline_code(std::string line) {
  for (std::size_t open = line.find('`'); open != std::string::npos;
       open = line.find('`', open)) {
    const std::size_t close = line.find('`', open + 1);
    const std::size_t end = close == std::string::npos ? open : close;
    line.replace(open, end + 1 - open, end + 1 - open, ' ');
  }
  return line;
}

// Which lines are prose: neither fenced nor indented code, nor front matter.
class Fences {
 public:
  bool is_prose(const std::string& line) {
    const bool first = first_;
    first_ = false;
    if (line == "---" && (first || front_matter_)) {
      front_matter_ = first;
      return false;
    }
    const std::size_t indent = line.find_first_not_of(' ');
    const bool blank = indent == std::string::npos;
    if (!blank && line.compare(indent, 3, "```") == 0) {
      fenced_ = !fenced_;
      return false;
    }
    const bool code = !blank && indent >= 4 && (after_blank_ || indented_);
    indented_ = blank ? indented_ : code;
    after_blank_ = blank;
    return !front_matter_ && !fenced_ && !code;
  }

 private:
  bool first_ = true;
  bool front_matter_ = false;
  bool fenced_ = false;
  bool indented_ = false;
  bool after_blank_ = true;
};

void add_heading(const std::string& line, Page& page) {
  static const RE2 kHeading("#{1,6} +(.*?) *");
  std::string heading;
  if (!RE2::FullMatch(line, kHeading, &heading)) {
    return;
  }
  std::string anchor = anchor_of(heading);
  int again = 0;
  for (const std::string& other : page.headings) {
    again += anchor_of(other) == anchor ? 1 : 0;
  }
  page.headings.push_back(heading);
  page.anchors.push_back(again == 0 ? anchor
                                    : anchor + "-" + std::to_string(again));
}

void add_links(Page& page) {
  static const RE2 kLink(R"(\[([^\[\]]*)\]\(([^()\s]+)\))");
  re2::StringPiece rest(page.prose);
  std::string text;
  std::string target;
  while (RE2::FindAndConsume(&rest, kLink, &text, &target)) {
    const std::size_t size = text.size() + target.size() + 4;
    const auto end = static_cast<std::size_t>(rest.data() - page.prose.data());
    page.links.push_back({text, target, end - size, size});
  }
}

}  // namespace

std::string anchor_of(std::string_view heading) {
  std::string plain(heading);
  RE2::GlobalReplace(&plain, R"(\[([^\]]*)\]\([^)]*\))", "\\1");
  std::string anchor;
  for (const char byte : plain) {
    const auto letter = static_cast<unsigned char>(byte);
    if (byte == ' ') {
      anchor += '-';
    } else if (std::isalnum(letter) != 0 || letter >= 0x80 || byte == '-' ||
               byte == '_') {
      anchor += static_cast<char>(std::tolower(letter));
    }
  }
  return anchor;
}

Page read_page(std::string_view text) {
  Page page;
  Fences fences;
  for (const std::string& line : lines_of(text)) {
    const bool prose = fences.is_prose(line);
    if (prose) {
      add_heading(line, page);
    }
    page.prose += prose ? without_inline_code(line) : "";
    page.prose += ' ';
  }
  add_links(page);
  return page;
}

}  // namespace house
