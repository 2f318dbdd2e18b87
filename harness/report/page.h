#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// A page of one file: what the file `body` of harness/report/page shows, with
// the style, these scripts in their order, and `json`, which may hold anything,
// in an element that no script runs and no tag ends. An unknown name is empty.
std::string page_of(std::string_view body,
                    const std::vector<std::string_view>& scripts,
                    std::string_view json);

// The map of a sweep, made of its report for programs: sweep_json() or
// shutdown_json().
std::string map_page(std::string_view json);

}  // namespace faultrig
