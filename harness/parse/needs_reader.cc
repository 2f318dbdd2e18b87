#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/model/schema.h"
#include "harness/parse/section_reader.h"
#include "harness/parse/service_parts.h"

namespace faultrig {

namespace {

using Texts = std::vector<std::string>;
using NodeKind = YamlNode::Kind;

// What links and their sets are called already.
constexpr std::array<std::string_view, 8> kTaken{
    "test", "go", "command", "service", "need", "recover", "group", "tree"};

bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= 64 && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), [](char letter) {
           return (letter >= 'a' && letter <= 'z') ||
                  (letter >= 'A' && letter <= 'Z') ||
                  (letter >= '0' && letter <= '9') || letter == '-' ||
                  letter == '_' || letter == '.';
         });
}

// Puts each behind those that it needs, and complains about those for which
// that cannot be.
class Order {
 public:
  Order(const YamlNode& list, std::vector<Need> needs, Complaints& complaints)
      : list_(list), needs_(std::move(needs)), complaints_(complaints) {}

  std::vector<Need> take() {
    for (std::size_t i = 0; i < needs_.size(); ++i) {
      Texts path;
      visit(i, path);
    }
    return std::move(ordered_);
  }

 private:
  std::optional<std::size_t> index_of(const std::string& name) const {
    for (std::size_t i = 0; i < needs_.size(); ++i) {
      if (needs_[i].name == name) {
        return i;
      }
    }
    return std::nullopt;
  }

  Spot spot_of(std::size_t need, const std::string& other) const {
    const YamlNode& node = list_.children[need];
    const YamlNode* others = child(node, "needs");
    for (const YamlNode& one : others->children) {
      if (one.scalar == other) {
        return one.spot;
      }
    }
    return others->spot;
  }

  void visit(std::size_t need, Texts& path) {
    if (!done_.insert(need).second) {
      return;
    }
    const Need& here = needs_[need];
    path.push_back(here.name);
    for (const std::string& name : here.needs) {
      look_at(need, name, path);
    }
    path.pop_back();
    ordered_.push_back(here);
  }

  void look_at(std::size_t need, const std::string& name, Texts& path) {
    auto other = index_of(name);
    auto before = std::find(path.begin(), path.end(), name);
    if (!other) {
      Texts names;
      for (const Need& one : needs_) {
        names.push_back(one.name);
      }
      complaints_.add(
          spot_of(need, name),
          "no need has the name " + quote_of(name) + suggestion(name, names));
    } else if (before != path.end()) {
      Texts circle(before, path.end());
      circle.push_back(name);
      complaints_.add(spot_of(need, name),
                      "none of these can start, each waits for the next: " +
                          join(circle, ", "));
    } else {
      visit(*other, path);
    }
  }

  const YamlNode& list_;
  std::vector<Need> needs_;
  Complaints& complaints_;
  std::set<std::size_t> done_;
  std::vector<Need> ordered_;
};

Need read_need(const YamlNode& node, Runnable program,
               const std::filesystem::path& folder, Complaints& complaints) {
  Params params =
      read_section(need_section(), node, complaints, {"ready", "go_build"});
  Need need;
  need.name = params.get_or<std::string>("name", "");
  need.ready = read_ready_of(node, complaints);
  need.ready_within = params.get_or("ready_within", need.ready_within);
  need.grace = params.get_or("grace", need.grace);
  check_times_of(node, need.ready_within, need.grace, complaints);
  need.needs = params.get_or<Texts>("needs", {});
  read_program(node, params, folder, program, complaints);
  need.command = std::move(program.command);
  need.build = std::move(program.build);
  need.env = std::move(program.env);
  need.cwd = std::move(program.cwd);
  return need;
}

}  // namespace

std::vector<Need> read_needs(const YamlNode& node, const Runnable& usual,
                             const std::filesystem::path& folder,
                             Complaints& complaints) {
  std::vector<Need> needs;
  if (!node.is(NodeKind::list)) {
    complaints.add(name_spot(node),
                   "needs takes a list of elements such as '- {name: db, "
                   "command: [...]}'");
    return needs;
  }
  std::set<std::string> names(kTaken.begin(), kTaken.end());
  for (const YamlNode& element : node.children) {
    needs.push_back(read_need(element, usual, folder, complaints));
    const std::string& name = needs.back().name;
    const YamlNode* written = child(element, "name");
    if (written == nullptr) {
      continue;  // complained about already
    }
    if (!is_name(name)) {
      complaints.add(written->spot,
                     "a name has letters, digits, '-', '_' and '.', not " +
                         quote_of(name));
    } else if (!names.insert(name).second) {
      complaints.add(written->spot,
                     "another link has the name " + quote_of(name));
    }
  }
  return Order(node, std::move(needs), complaints).take();
}

}  // namespace faultrig
