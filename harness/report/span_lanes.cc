#include "harness/report/span_lanes.h"

#include <algorithm>
#include <map>
#include <utility>

namespace faultrig {

namespace {

using Indices = std::vector<std::size_t>;

// A row that is being filled.
struct Open {
  Indices spans;
  Indices around;  // those that have not ended, the outermost first
};

// The rows of one trace within one service.
struct Rows {
  std::size_t service = 0;  // which one it was, by its first span
  std::size_t trace = 0;
  std::vector<Open> open = {};
};

bool takes(Open& open, std::span<const SpanRow> spans, const SpanRow& next) {
  while (!open.around.empty() && spans[open.around.back()].to <= next.from) {
    open.around.pop_back();
  }
  return open.around.empty() || next.to <= spans[open.around.back()].to;
}

// Of those that begin at once the longest is around the others.
Indices in_order(std::span<const SpanRow> spans) {
  Indices out(spans.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = i;
  }
  std::stable_sort(out.begin(), out.end(), [&](std::size_t a, std::size_t b) {
    return spans[a].from != spans[b].from ? spans[a].from < spans[b].from
                                          : spans[a].to > spans[b].to;
  });
  return out;
}

void put(std::size_t index, std::span<const SpanRow> spans, Rows& rows) {
  auto free = std::find_if(rows.open.begin(), rows.open.end(), [&](Open& open) {
    return takes(open, spans, spans[index]);
  });
  Open& open = free == rows.open.end() ? rows.open.emplace_back(Open()) : *free;
  open.spans.push_back(index);
  open.around.push_back(index);
}

}  // namespace

std::vector<SpanLane> lanes_of(std::span<const SpanRow> spans) {
  std::map<std::string, std::size_t> services;
  std::map<std::pair<std::string, std::string>, Rows> traces;
  for (std::size_t index : in_order(spans)) {
    const SpanRow& span = spans[index];
    std::size_t service =
        services.try_emplace(span.service, services.size()).first->second;
    Rows fresh{service, traces.size()};
    put(index, spans,
        traces.try_emplace({span.service, span.trace}, fresh).first->second);
  }
  std::vector<std::pair<std::pair<std::size_t, std::size_t>, SpanLane>> sorted;
  for (auto& [name, rows] : traces) {
    for (Open& open : rows.open) {
      sorted.push_back({{rows.service, rows.trace},
                        {name.first, name.second, std::move(open.spans)}});
    }
  }
  std::stable_sort(
      sorted.begin(), sorted.end(),
      [](const auto& one, const auto& two) { return one.first < two.first; });
  std::vector<SpanLane> out;
  out.reserve(sorted.size());
  for (auto& [rank, lane] : sorted) {
    out.push_back(std::move(lane));
  }
  return out;
}

}  // namespace faultrig
