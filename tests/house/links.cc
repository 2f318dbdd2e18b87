// A link that leads nowhere is worse than none, and so is a term that nobody
// explains.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <set>

#include <re2/re2.h>

#include "tests/house/checks.h"
#include "tests/house/markdown.h"

namespace house {
namespace {

constexpr std::string_view kGlossary = "docs/glossary.md";

bool is_page(std::string_view path) {
  return path == "README.md" ||
         (path.starts_with("docs/") && path.ends_with(".md"));
}

bool is_lesson(std::string_view path) {
  return path.starts_with("docs/lessons/") && path.ends_with(".md") &&
         !path.ends_with("/README.md");
}

using Pages = std::map<std::string, Page>;

Pages pages_of(const Tree& tree) {
  Pages pages;
  for (const auto& [path, text] : tree) {
    if (is_page(path)) {
      pages[path] = read_page(text);
    }
  }
  return pages;
}

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// A file of the tree, or a folder of one.
bool is_there(const Tree& tree, const std::string& path) {
  if (tree.contains(path)) {
    return true;
  }
  const std::string folder = path.ends_with('/') ? path : path + "/";
  const auto next = tree.lower_bound(folder);
  return next != tree.end() && next->first.starts_with(folder);
}

// Where a link of that page leads: a path of the tree, and an anchor.
struct Place {
  std::string path;
  std::string anchor;
};

Place place_of(const std::string& page, const std::string& target) {
  const std::size_t hash = target.find('#');
  const std::string file = target.substr(0, hash);
  const std::string anchor =
      hash == std::string::npos ? "" : target.substr(hash + 1);
  const auto folder = std::filesystem::path(page).parent_path();
  return {file.empty() ? page : (folder / file).lexically_normal().string(),
          anchor};
}

bool is_elsewhere(const std::string& target) {
  return target.find("://") != std::string::npos ||
         target.starts_with("mailto:");
}

std::string trouble_of(const Tree& tree, const Pages& pages,
                       const Place& place) {
  if (!is_there(tree, place.path)) {
    return "there is no " + place.path;
  }
  const auto page = pages.find(place.path);
  if (place.anchor.empty() ||
      (page != pages.end() && has(page->second.anchors, place.anchor))) {
    return "";
  }
  return place.path + " has no heading for #" + place.anchor;
}

// Its terms, as a reader meets them, by anchor. The first heading is its title.
std::map<std::string, std::string> terms_of(const Page& glossary) {
  std::map<std::string, std::string> terms;
  for (std::size_t i = 1; i < glossary.headings.size(); ++i) {
    std::string term = glossary.headings[i];
    std::erase(term, '`');
    std::transform(term.begin(), term.end(), term.begin(), [](char letter) {
      return static_cast<char>(
          std::tolower(static_cast<unsigned char>(letter)));
    });
    terms[glossary.anchors[i]] = term;
  }
  return terms;
}

// What a dictionary sorts by: `-exec program` stands with e.
std::string sorted_as(std::string term) {
  std::erase_if(term, [](char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) == 0 &&
           letter != ' ';
  });
  return term;
}

void check_order(const Page& glossary, Complaints& complaints) {
  const auto terms = terms_of(glossary);
  std::string last;
  for (std::size_t i = 1; i < glossary.anchors.size(); ++i) {
    const std::string term = sorted_as(terms.at(glossary.anchors[i]));
    if (term <= last) {
      complaints.push_back(std::string(kGlossary) + ": '" + term +
                           "' does not stand behind '" + last + "'");
    }
    last = term;
  }
}

void check_use(const Pages& pages, const Page& glossary,
               Complaints& complaints) {
  std::set<std::string> linked;
  for (const auto& [path, page] : pages) {
    for (const PageLink& link : page.links) {
      const Place place = place_of(path, link.target);
      if (path != kGlossary && place.path == kGlossary) {
        linked.insert(place.anchor);
      }
    }
  }
  for (const auto& [anchor, term] : terms_of(glossary)) {
    if (!linked.contains(anchor)) {
      complaints.push_back(std::string(kGlossary) + ": no page links to #" +
                           anchor);
    }
  }
}

// The first use of a term, as a word, in what is left of a lesson's prose; and
// its uses are blanked, for terms that are a part of it.
std::size_t take_first_use(const std::string& term, std::string& prose) {
  const RE2 use("(?i)(?:^|[^\\w-])(" + RE2::QuoteMeta(term) +
                "(?:s|es)?)(?:[^\\w-]|$)");
  std::size_t first = std::string::npos;
  std::size_t from = 0;
  re2::StringPiece found;
  while (RE2::PartialMatch(re2::StringPiece(prose).substr(from), use, &found)) {
    const auto at = static_cast<std::size_t>(found.data() - prose.data());
    first = std::min(first, at);
    prose.replace(at, found.size(), found.size(), ' ');
    from = at;
  }
  return first;
}

void check_lesson(const std::string& path, const Page& lesson,
                  const std::map<std::string, std::string>& terms,
                  Complaints& complaints) {
  std::string prose = lesson.prose;
  std::map<std::string, std::size_t> linked;
  for (const PageLink& link : lesson.links) {
    const Place place = place_of(path, link.target);
    if (place.path == kGlossary) {
      linked.try_emplace(place.anchor, link.at);
      prose.replace(link.at, link.size, link.size, ' ');
    }
  }
  std::vector<std::pair<std::string, std::string>> longest_first(terms.begin(),
                                                                 terms.end());
  std::stable_sort(longest_first.begin(), longest_first.end(),
                   [](const auto& one, const auto& other) {
                     return one.second.size() > other.second.size();
                   });
  for (const auto& [anchor, term] : longest_first) {
    const std::size_t used = take_first_use(term, prose);
    const auto link = linked.find(anchor);
    if (used != std::string::npos &&
        (link == linked.end() || used < link->second)) {
      complaints.push_back(path + ": the first '" + term +
                           "' is no link to glossary.md#" + anchor);
    }
  }
}

}  // namespace

Complaints check_links(const Tree& tree) {
  Complaints complaints;
  const Pages pages = pages_of(tree);
  for (const auto& [path, page] : pages) {
    for (const PageLink& link : page.links) {
      const std::string trouble =
          is_elsewhere(link.target)
              ? ""
              : trouble_of(tree, pages, place_of(path, link.target));
      if (!trouble.empty()) {
        complaints.push_back(path + ": [" + link.text + "](" + link.target +
                             "): " + trouble);
      }
    }
  }
  return complaints;
}

Complaints check_places(const Tree& tree) {
  Complaints complaints;
  for (const auto& [path, text] : tree) {
    for (const std::string& place : all_matches(text, "(@@[A-Z_]+@@)")) {
      complaints.push_back(path + ": nothing stands at " + place);
    }
  }
  return complaints;
}

Complaints check_glossary(const Tree& tree) {
  Complaints complaints;
  const Pages pages = pages_of(tree);
  const auto glossary = pages.find(std::string(kGlossary));
  if (glossary == pages.end()) {
    return {std::string(kGlossary) + " is not there"};
  }
  check_order(glossary->second, complaints);
  check_use(pages, glossary->second, complaints);
  const auto terms = terms_of(glossary->second);
  for (const auto& [path, page] : pages) {
    if (is_lesson(path)) {
      check_lesson(path, page, terms, complaints);
    }
  }
  return complaints;
}

}  // namespace house
