// Pages: a frame, a style, scripts, and what they show as JSON in a <script>
// that is no program. Nothing of a run is written as HTML: the scripts make
// text nodes of it. A page loads nothing and may not (its
// Content-Security-Policy), so it works from file:// and years later.
#include "harness/report/page.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/report/page_files.h"

namespace faultrig {

namespace {

std::string_view page_file(std::string_view name) {
  std::span<const PageFile> files = page_files();
  auto found =
      std::find_if(files.begin(), files.end(),
                   [&](const PageFile& file) { return file.name == name; });
  return found == files.end() ? std::string_view() : found->text;
}

// JSON in an element whose end is `</script`, and in which `<!--` starts
// something: no `<` is left, which JSON has in strings alone.
std::string in_script(std::string_view json) {
  std::string out;
  for (char byte : json) {
    if (byte == '<') {
      out += "\\u003c";
    } else {
      out += byte;
    }
  }
  return out;
}

// What stands before `mark` in `text`, which goes on behind it.
std::string_view up_to(std::string_view mark, std::string_view& text) {
  std::size_t at = text.find(mark);
  std::string_view before = text.substr(0, at);
  text.remove_prefix(std::min(before.size() + mark.size(), text.size()));
  return before;
}

}  // namespace

std::string page_of(std::string_view body,
                    const std::vector<std::string_view>& scripts,
                    std::string_view json) {
  std::string_view rest = page_file("frame.html");
  std::string out(up_to("{{style}}", rest));
  out += page_file("page.css");
  out += up_to("{{body}}", rest);
  out += page_file(body);
  out += up_to("{{data}}", rest);
  out += in_script(for_json(json));
  out += up_to("{{scripts}}", rest);
  for (std::string_view script : scripts) {
    out += page_file(script);
  }
  return out + std::string(rest);
}

std::string map_page(std::string_view json) {
  return page_of("map.html", {"dom.js", "map.js"}, json);
}

}  // namespace faultrig
