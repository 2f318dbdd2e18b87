#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace house {

// Path from the root of the sources: text.
using Tree = std::map<std::string, std::string>;
// One line each, beginning with the path; empty when all is well.
using Complaints = std::vector<std::string>;

// The sources, pages and scenarios of this repository.
const Tree& our_tree();

// Every #include in harness/ and injectors/ against the table of layers.
Complaints check_includes(const Tree& tree);
// The libraries of the system are each included by one file.
Complaints check_one_file_for_each_library(const Tree& tree);

// Lines, columns, #pragma once.
Complaints check_shape(const Tree& tree);
// No type or file named Manager, Helper, ...
Complaints check_names(const Tree& tree);
// No two types of one name: the linker keeps one, and the other one's users
// get its code. A type of an unnamed namespace is its file's alone.
Complaints check_types(const Tree& tree);
// No std::views, which clang 14 does not take; no clock where none belongs; no
// what() of an exception, which is a library's and not for those who use us; no
// range-for over a folder, which throws where reading it fails in the midst.
Complaints check_words(const Tree& tree);

// No function that a header declares and nobody names, tests included.
Complaints check_calls(const Tree& tree);
// How often a file of harness/ has the name of an injector between quotes.
std::map<std::string, int> injector_words(const Tree& tree);

// A registered injector has its source, test, page and two scenarios.
Complaints check_injectors(const Tree& tree);
// A registered expectation is asked in a scenario.
Complaints check_expectations(const Tree& tree);
// A fixture is started by a scenario.
Complaints check_fixtures(const Tree& tree);

// Links of README.md and docs/**/*.md lead to files, folders and headings that
// are there.
Complaints check_links(const Tree& tree);
// No page, scenario or source has a place where something was to be put yet,
// such as the output of a command: its name in capitals between pairs of `@`.
Complaints check_places(const Tree& tree);
// docs/glossary.md: its terms stand in order, some page links to each, and the
// first use of a term in a lesson is a link to it.
Complaints check_glossary(const Tree& tree);

bool is_source(std::string_view path);
// In harness/ or injectors/.
bool is_ours(std::string_view path);
// `shim_os` is the part of `os` that needs no library: harness/os/shim_*.
std::string layer_of(std::string_view path);
// The layer neither asks the kernel nor looks at the clock.
bool is_pure(std::string_view layer);
std::vector<std::string> lines_of(std::string_view text);
// The first group of every match of this RE2 in every line; it is never empty.
std::vector<std::string> all_matches(std::string_view text,
                                     const std::string& pattern);

}  // namespace house
