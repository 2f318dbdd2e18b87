#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// Names of files of harness/report/page; an unknown one is empty.
struct PageParts {
  std::string_view body;
  std::string_view style;
  std::vector<std::string_view> scripts;  // in their order
};

// A page of one file: these parts, and `json`, which may hold anything, in an
// element that no script runs and no tag ends.
std::string page_of(const PageParts& parts, std::string_view json);

// The map of a sweep, made of its report for programs: sweep_json() or
// shutdown_json().
std::string map_page(std::string_view json);

// The lessons and what came of their runs (harness/web/workshop_json.h), to be
// read and shown again without a server.
std::string recorded_workshop(std::string_view json);

// The same page as a server gives it: it asks for the others as `page.css` and
// `page.js`, and for its data.
std::string workshop_page();
std::string workshop_style();
std::string workshop_script();

}  // namespace faultrig
