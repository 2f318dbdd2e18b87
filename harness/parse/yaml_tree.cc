// yaml-cpp's events, not its nodes: they keep every key of a map, the place of
// an alias itself, and stop where we say. Its marks count bytes from 0, it
// ends an open quote silently at the end of the file, and places a missing
// value at what comes next; all three are put right here.

#include "harness/parse/yaml_tree.h"

#include <algorithm>
#include <array>
#include <exception>
#include <set>
#include <sstream>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "harness/base/characters.h"
#include "harness/base/text.h"
#include "harness/parse/yaml_source.h"
#include "harness/parse/yaml_words.h"

namespace faultrig {

namespace {

constexpr std::size_t kDeepest = 64;
constexpr std::size_t kMostNodes = 50000;
constexpr std::size_t kLongestClause = 500;

// Thrown out of yaml-cpp when reading on makes no sense.
struct Abandon {};

// A list or map that is not finished.
struct Open {
  YamlNode node;
  bool flow = false;     // in brackets
  bool has_key = false;  // of a map: the value comes next
  YamlNode key = {};
  std::set<std::string> seen = {};
};

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const YamlSource& source, Complaints& complaints)
      : source_(source), complaints_(complaints) {}

  YamlNode take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) {
      complain(offset(mark),
               "a second document: a scenario is one (check the indentation, "
               "or take '---' out)");
      throw Abandon{};
    }
  }

  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    YamlNode node;
    std::size_t at = offset(mark);
    if (written_null(at)) {
      node.spot = source_.spot(at, source_.text()[at] == '~' ? 1 : 4);
    } else if (awaits_value()) {
      node.spot = open_.back().key.spot;
    } else if (in_block_list()) {
      node.spot = source_.spot(source_.empty_element(at), 1);
    } else {
      node.spot = source_.spot(at, 1);
    }
    add(std::move(node));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse_alias(offset(mark));
    YamlNode node;
    node.kind = YamlNode::Kind::bad;
    node.spot = source_.spot(offset(mark), 1);
    add(std::move(node));
  }

  void OnAnchor(const YAML::Mark& mark, const std::string&) override {
    refuse_alias(offset(mark));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    std::size_t at = offset(mark);
    check_tag(at, tag);
    check_indentation(at);
    if (source_.unterminated_quote(at)) {
      complain(at, "a quote that is not closed");
      throw Abandon{};
    }
    YamlNode node;
    node.kind = YamlNode::Kind::scalar;
    node.scalar = value;
    node.quoted = tag == "!";
    node.spot = source_.scalar_spot(at, character_count(value));
    if (value.find('\0') != std::string::npos) {
      complaints_.add(node.spot, "a NUL character cannot be in a text");
      node.kind = YamlNode::Kind::bad;
    }
    add(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t,
                       YAML::EmitterStyle::value style) override {
    start(YamlNode::Kind::list, offset(mark), tag, style);
  }

  void OnSequenceEnd() override { finish(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag,
                  YAML::anchor_t, YAML::EmitterStyle::value style) override {
    start(YamlNode::Kind::map, offset(mark), tag, style);
  }

  void OnMapEnd() override { finish(); }

 private:
  std::size_t offset(const YAML::Mark& mark) const {
    return source_.offset(mark.line, mark.column);
  }

  void complain(std::size_t at, std::string what) {
    complaints_.add(source_.spot(at, 1), std::move(what));
  }

  void refuse_alias(std::size_t at) {
    complain(at, "no anchors and aliases here: write the value out");
  }

  void check_tag(std::size_t at, const std::string& tag) {
    if (tag != "!" && tag != "?" && !tag.empty()) {
      complain(at, "no tags here: a key says what its value is");
    }
  }

  void check_indentation(std::size_t at) {
    auto tab = source_.indenting_tab(at);
    if (tab && *tab < at && *tab != last_tab_) {
      last_tab_ = *tab;
      complain(*tab, "a tab cannot indent: use blanks");
    }
  }

  bool written_null(std::size_t at) const {
    std::string_view rest = source_.text().substr(at);
    constexpr std::array<std::string_view, 4> kNulls{"~", "null", "Null",
                                                     "NULL"};
    return std::any_of(
        kNulls.begin(), kNulls.end(),
        [&](std::string_view word) { return rest.starts_with(word); });
  }

  bool awaits_value() const { return !open_.empty() && open_.back().has_key; }

  bool in_block_list() const {
    return !open_.empty() && open_.back().node.is(YamlNode::Kind::list) &&
           !open_.back().flow;
  }

  void start(YamlNode::Kind kind, std::size_t at, const std::string& tag,
             YAML::EmitterStyle::value style) {
    check_tag(at, tag);
    check_indentation(at);
    if (open_.size() >= kDeepest) {
      complain(at, "nested deeper than 64 levels");
      throw Abandon{};
    }
    Open open;
    open.node.kind = kind;
    open.node.spot = source_.spot(at, 1);
    open.flow = style == YAML::EmitterStyle::Flow;
    open_.push_back(std::move(open));
  }

  void finish() {
    YamlNode node = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(node));
  }

  void add(YamlNode node) {
    if (++nodes_ > kMostNodes) {
      complaints_.add(node.spot, "more than 50000 values");
      throw Abandon{};
    }
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& open = open_.back();
    if (open.node.is(YamlNode::Kind::list)) {
      open.node.children.push_back(std::move(node));
    } else if (!open.has_key) {
      open.key = std::move(node);
      open.has_key = true;
    } else {
      open.has_key = false;
      if (takes_key(open)) {
        node.key = open.key.scalar;
        node.key_spot = open.key.spot;
        open.node.children.push_back(std::move(node));
      }
    }
  }

  bool takes_key(Open& open) {
    const YamlNode& key = open.key;
    if (!key.is(YamlNode::Kind::scalar)) {
      if (!key.is(YamlNode::Kind::bad)) {
        complaints_.add(key.spot, "a key must be a text");
      }
      return false;
    }
    if (key.plain() && key.scalar == "<<") {
      complaints_.add(key.spot, "no merge keys here: write the keys out");
      return false;
    }
    if (!open.seen.insert(key.scalar).second) {
      complaints_.add(key.spot,
                      "the key " + quote_of(key.scalar) + " is there already");
      return false;
    }
    return true;
  }

  const YamlSource& source_;
  Complaints& complaints_;
  std::vector<Open> open_;
  YamlNode root_;
  int documents_ = 0;
  std::size_t nodes_ = 0;
  std::size_t last_tab_ = std::string::npos;
};

// A tab that indents makes yaml-cpp stumble there, or on the line behind it.
void complain_of(const YAML::Exception& failure, const YamlSource& source,
                 Complaints& complaints) {
  std::size_t at = source.offset(failure.mark.line, failure.mark.column);
  std::size_t before = source.offset(failure.mark.line - 1, 0);
  for (std::size_t line : {at, before}) {
    if (auto tab = source.indenting_tab(line)) {
      complaints.add(source.spot(*tab, 1), "a tab cannot indent: use blanks");
      return;
    }
  }
  complaints.add(source.spot(at, 1), yaml_trouble(failure.msg));
}

void append_flow(const YamlNode& node, std::string& out);

void append_children(const YamlNode& node, std::string& out) {
  bool map = node.is(YamlNode::Kind::map);
  out += map ? "{" : "[";
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    if (out.size() > kLongestClause) {
      break;
    }
    out += i == 0 ? "" : ", ";
    if (map) {
      out += node.children[i].key + ": ";
    }
    append_flow(node.children[i], out);
  }
  out += map ? "}" : "]";
}

void append_flow(const YamlNode& node, std::string& out) {
  switch (node.kind) {
    case YamlNode::Kind::null:
    case YamlNode::Kind::bad:
      return;
    case YamlNode::Kind::scalar:
      out += node.quoted ? "'" + node.scalar + "'" : node.scalar;
      return;
    case YamlNode::Kind::list:
    case YamlNode::Kind::map:
      append_children(node, out);
      return;
  }
}

}  // namespace

const YamlNode* child(const YamlNode& map, std::string_view key) {
  auto found =
      std::find_if(map.children.begin(), map.children.end(),
                   [&](const YamlNode& node) { return node.key == key; });
  bool there = map.is(YamlNode::Kind::map) && found != map.children.end();
  return there ? &*found : nullptr;
}

std::string flow_text(const YamlNode& node) {
  std::string text;
  append_flow(node, text);
  if (text.size() > kLongestClause) {
    text = std::string(first_characters(text, kLongestClause)) + "...";
  }
  return for_one_line(text);
}

std::optional<YamlNode> read_yaml(std::string_view text,
                                  Complaints& complaints) {
  YamlSource source(text);
  if (!source.check(complaints)) {
    return std::nullopt;
  }
  TreeBuilder builder(source, complaints);
  try {
    std::istringstream stream{std::string(source.text())};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    return builder.take_root();
  } catch (const Abandon&) {
  } catch (const YAML::Exception& failure) {
    complain_of(failure, source, complaints);
  } catch (const std::exception&) {
    complaints.add({{1, 1}}, yaml_trouble(""));
  }
  return std::nullopt;
}

}  // namespace faultrig
