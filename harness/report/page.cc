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

std::string all_of(const std::vector<std::string_view>& names) {
  std::string out;
  for (std::string_view name : names) {
    out += page_file(name);
  }
  return out;
}

PageParts workshop_parts() {
  return {"workshop.html",
          "workshop.css",
          {"dom.js", "ansi.js", "workshop_text.js", "workshop_picture.js",
           "workshop_votes.js", "workshop_run.js", "workshop.js"}};
}

}  // namespace

std::string page_of(const PageParts& parts, std::string_view json) {
  std::string_view rest = page_file("frame.html");
  std::string out(up_to("{{style}}", rest));
  out += page_file(parts.style);
  out += up_to("{{body}}", rest);
  out += page_file(parts.body);
  out += up_to("{{data}}", rest);
  out += in_script(for_json(json));
  out += up_to("{{scripts}}", rest);
  return out + all_of(parts.scripts) + std::string(rest);
}

std::string map_page(std::string_view json) {
  return page_of({"map.html", "page.css", {"dom.js", "map.js"}}, json);
}

std::string recorded_workshop(std::string_view json) {
  return page_of(workshop_parts(), json);
}

std::string workshop_page() {
  std::string_view rest = page_file("workshop_frame.html");
  std::string out(up_to("{{body}}", rest));
  out += page_file(workshop_parts().body);
  return out + std::string(rest);
}

std::string workshop_style() {
  return std::string(page_file(workshop_parts().style));
}

std::string workshop_script() {
  return "\"use strict\";\n" + all_of(workshop_parts().scripts);
}

}  // namespace faultrig
