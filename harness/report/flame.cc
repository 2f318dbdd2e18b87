// The stacks are sorted by their functions, the outermost first: then all that
// have one beginning stand beside each other, and a rectangle is a row of them.
// One level is drawn after the other, from the ground up, so that a bound takes
// away the tips.
#include "harness/report/flame.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "harness/base/characters.h"
#include "harness/base/text.h"
#include "harness/report/xml.h"

namespace faultrig {

namespace {

constexpr double kWidth = 1200;
constexpr double kSide = 10;
constexpr int kRow = 16;
constexpr int kHead = 46;
constexpr double kLeast = 0.5;   // pixels
constexpr double kLetter = 6.6;  // of the font, on average
constexpr std::size_t kMost = 20'000;
constexpr const char* kColours = "; orange: the program, grey: Go's own";

// A stack from the outside in, by the places of its functions' names in order.
struct Path {
  std::vector<std::size_t> functions;
  double value = 0;
};

std::vector<Path> sorted_paths(const Profile& profile) {
  std::vector<std::size_t> order(profile.functions.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t one, std::size_t two) {
                     return profile.functions[one] < profile.functions[two];
                   });
  std::vector<std::size_t> place(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    place[order[i]] = i;
  }
  std::vector<Path> out;
  out.reserve(profile.stacks.size());
  for (const Profile::Stack& stack : profile.stacks) {
    out.push_back({stack.functions, static_cast<double>(stack.value)});
    std::reverse(out.back().functions.begin(), out.back().functions.end());
  }
  std::sort(out.begin(), out.end(), [&](const Path& one, const Path& two) {
    return std::lexicographical_compare(
        one.functions.begin(), one.functions.end(), two.functions.begin(),
        two.functions.end(), [&](std::size_t left, std::size_t right) {
          return place[left] < place[right];
        });
  });
  return out;
}

// Stacks that have the functions up to some depth in common.
struct Row {
  std::size_t begin = 0;
  std::size_t end = 0;
  double from = 0;  // what was spent by those before them
  double value = 0;
};

class Flame {
 public:
  explicit Flame(const Profile& profile)
      : profile_(profile), paths_(sorted_paths(profile)) {
    for (const Path& path : paths_) {
      total_ += path.value;
    }
    scale_ = total_ > 0 ? (kWidth - 2 * kSide) / total_ : 0;
  }

  std::string draw(std::string_view title) {
    std::vector<Row> level{{0, paths_.size(), 0, total_}};
    while (!level.empty() && drawn_ < kMost) {
      levels_.emplace_back();
      level = next_level(level);
    }
    double height = kHead + kSide + kRow * static_cast<double>(levels_.size());
    std::string out = fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" "
        "width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
        "font-family=\"monospace\" font-size=\"11\">\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
        "<text x=\"{2:.0f}\" y=\"18\" font-size=\"14\">{3}</text>\n"
        "<text x=\"{2:.0f}\" y=\"36\">{4}</text>\n",
        kWidth, height, kSide, for_xml(for_one_line(title)),
        for_xml(for_one_line(spent_text(profile_) + kColours)));
    for (std::size_t depth = 0; depth < levels_.size(); ++depth) {
      double top = height - kSide - kRow * static_cast<double>(depth + 1);
      out += fmt::format("<g transform=\"translate(0 {:.0f})\">\n{}</g>\n", top,
                         levels_[depth]);
    }
    return out + "</svg>\n";
  }

 private:
  // Draws what these rows call, and gives that.
  std::vector<Row> next_level(const std::vector<Row>& level) {
    std::size_t depth = levels_.size() - 1;
    std::vector<Row> out;
    for (const Row& row : level) {
      std::size_t at = row.begin;
      double from = row.from;
      while (at < row.end) {
        Row next = row_at(at, row.end, depth);
        next.from = from;
        from += next.value;
        at = next.end;
        bool is_there = paths_[next.begin].functions.size() > depth;
        if (is_there && next.value * scale_ >= kLeast && drawn_ < kMost) {
          add_rectangle(next, depth);
          out.push_back(next);
        }
      }
    }
    return out;
  }

  // Those from `begin` on that have the same function at this depth, or none.
  Row row_at(std::size_t begin, std::size_t end, std::size_t depth) const {
    auto function = [&](std::size_t path) {
      const auto& functions = paths_[path].functions;
      return functions.size() > depth ? functions[depth] + 1 : 0;
    };
    Row row{begin, begin, 0, 0};
    while (row.end < end && function(row.end) == function(begin)) {
      row.value += paths_[row.end].value;
      ++row.end;
    }
    return row;
  }

  void add_rectangle(const Row& row, std::size_t depth) {
    ++drawn_;
    const std::string& name =
        profile_.functions[paths_[row.begin].functions[depth]];
    std::string shown = for_one_line(valid_utf8(name));
    double width = row.value * scale_;
    double from = kSide + row.from * scale_;
    auto room = static_cast<std::size_t>(std::max(0.0, width - 4) / kLetter);
    std::string label =
        shown.size() <= room ? shown
        : room < 4           ? ""
                   : std::string(first_characters(shown, room - 2)) + "..";
    levels_.back() += fmt::format(
        "<g><title>{}: {}, {:.2f}%</title><rect x=\"{:.2f}\" width=\"{:.2f}\" "
        "height=\"{}\" fill=\"{}\" stroke=\"#ffffff\" stroke-width=\"0.5\"/>",
        for_xml(shown),
        amount_text(static_cast<std::int64_t>(row.value), profile_.unit),
        row.value / total_ * 100, from, width, kRow - 1,
        is_standard(name) ? "#c8ccd2" : "#f2a65a");
    if (!label.empty()) {
      levels_.back() += fmt::format("<text x=\"{:.2f}\" y=\"11.5\">{}</text>",
                                    from + 2, for_xml(label));
    }
    levels_.back() += "</g>\n";
  }

  const Profile& profile_;
  std::vector<Path> paths_;
  double total_ = 0;
  double scale_ = 0;
  std::size_t drawn_ = 0;
  std::vector<std::string> levels_;
};

}  // namespace

std::string spent_text(const Profile& profile) {
  return fmt::format("{}: {} in {} stack{}", profile.type,
                     amount_text(profile.total, profile.unit),
                     profile.stacks.size(),
                     profile.stacks.size() == 1 ? "" : "s");
}

std::string folded_stacks(const Profile& profile) {
  std::vector<std::string> names;
  for (const std::string& function : profile.functions) {
    names.push_back(for_one_line(valid_utf8(function)));
    std::replace_if(
        names.back().begin(), names.back().end(),
        [](char letter) { return letter == ';' || letter == ' '; }, '_');
  }
  std::string out;
  for (const Path& path : sorted_paths(profile)) {
    std::vector<std::string> stack;
    for (std::size_t function : path.functions) {
      stack.push_back(names[function]);
    }
    out += join(stack, ";") + fmt::format(" {:.0f}\n", path.value);
  }
  return out;
}

std::string flame_svg(const Profile& profile, std::string_view title) {
  return Flame(profile).draw(title);
}

}  // namespace faultrig
