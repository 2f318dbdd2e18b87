#include "harness/model/schema.h"

#include <algorithm>
#include <array>

namespace faultrig {

namespace {

struct KindText {
  Kind kind;
  std::string_view name;
  std::string_view summary;
};

constexpr std::array<KindText, 30> kKinds{{
    {Kind::text, "text", "a text such as ./hoard"},
    {Kind::texts, "text or list", "a text or a list such as [./a, ./b]"},
    {Kind::list, "list", "a list such as [one, two]"},
    {Kind::integer, "number", "a whole number such as 3"},
    {Kind::count, "count",
     "a number such as 3, none, a map such as {at_least: 3}, or a list of "
     "which it is one, such as [0, 143]"},
    {Kind::size, "size", "a size such as 64MiB"},
    {Kind::duration, "time", "a time such as 200ms"},
    {Kind::boolean, "true or false", "true or false"},
    {Kind::percent, "percentage", "a percentage such as 10%"},
    {Kind::signal, "signal", "a signal such as SIGTERM"},
    {Kind::error_number, "error", "an error such as EIO"},
    {Kind::regexp, "regexp", "a regular expression (RE2) such as ^ready$"},
    {Kind::glob, "glob", "a glob such as /etc/*.conf"},
    {Kind::choice, "choice", "one of the words listed"},
    {Kind::nth, "which calls",
     "which calls to take, such as 3, 3+, 2..9 or 1+2"},
    {Kind::calls, "calls",
     "a system call, a list of them, or a class such as '%file'"},
    {Kind::environment, "map", "a map such as {GODEBUG: gctrace=1}"},
    {Kind::keep_names, "true or list", "true, or a list such as [PATH, HOME]"},
    {Kind::port, "true or port", "true, or a port such as 8080"},
    {Kind::sequence, "list of calls",
     "a list such as [openat, {call: write, error: EIO}]"},
    {Kind::step, "step", "a time with or without a sign such as -1h"},
    {Kind::rate, "rate", "a rate such as 100/s"},
    {Kind::function, "function", "a glob of a Go function such as store.*"},
    {Kind::site, "site", "the id of a call site such as 4f2a91c0"},
    {Kind::peer, "address", "the address of a socket such as 127.0.0.1:*"},
    {Kind::reply, "answer", "an answer such as {status: 503, body: busy}"},
    {Kind::packets, "packets", "packets such as {port: 5432}"},
    {Kind::share, "share", "a share such as {at_most: 20%}"},
    {Kind::time_bound, "bound of time", "a bound such as {at_most: 200ms}"},
    {Kind::target, "link or child", "a link, or a map such as {child: sh}"},
}};

const KindText& text_of(Kind kind) {
  return *std::find_if(kKinds.begin(), kKinds.end(),
                       [&](const KindText& row) { return row.kind == kind; });
}

}  // namespace

std::string_view kind_name(Kind kind) { return text_of(kind).name; }

std::string_view kind_summary(Kind kind) { return text_of(kind).summary; }

const Field* find_field(const Section& section, std::string_view key) {
  auto found =
      std::find_if(section.fields.begin(), section.fields.end(),
                   [&](const Field& field) { return field.key == key; });
  return found == section.fields.end() ? nullptr : &*found;
}

const Section* find_section(std::span<const Section* const> sections,
                            std::string_view name) {
  auto found = std::find_if(
      sections.begin(), sections.end(),
      [&](const Section* section) { return section->name == name; });
  return found == sections.end() ? nullptr : *found;
}

}  // namespace faultrig
