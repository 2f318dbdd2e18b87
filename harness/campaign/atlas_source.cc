#include "harness/campaign/atlas_source.h"

#include <memory>

#include "harness/campaign/atlas_row.h"
#include "harness/campaign/frame.h"
#include "harness/report/atlas_text.h"

namespace faultrig {

namespace {

AtlasRow row_without(const Cause& cause, const Error& why) {
  AtlasRow row;
  row.cause = cause.id;
  row.skipped = why.what;
  return row;
}

}  // namespace

AtlasSource::AtlasSource(const std::vector<const Cause*>& chosen,
                         Sink<AtlasRow>& sink)
    : chosen_(chosen), sink_(sink), rows_(chosen.size()) {
  for (std::size_t i = chosen.size(); i > 0; --i) {
    waiting_.push_back(i - 1);
  }
}

std::optional<Task> AtlasSource::next() {
  if (waiting_.empty()) {
    return std::nullopt;
  }
  std::size_t number = waiting_.back();
  waiting_.pop_back();
  return Task{number, frame_text({{static_cast<std::int64_t>(number)}, ""})};
}

void AtlasSource::learned(const Task& task, const Result<std::string>& answer) {
  auto row =
      answer ? parse_atlas_row_line(*answer) : Result<AtlasRow>(answer.error());
  rows_[task.number] =
      row ? std::move(*row) : row_without(*chosen_[task.number], row.error());
  for (; shown_ < rows_.size() && rows_[shown_]; ++shown_) {
    sink_.result(*rows_[shown_]);
  }
}

void AtlasSource::take_back(const Task& task) {
  waiting_.push_back(task.number);
}

Deed atlas_deed(const std::vector<const Cause*>& chosen,
                const std::vector<Cause>& causes,
                const std::filesystem::path& catalogue) {
  auto explainer = std::make_shared<Explainer>(causes);
  return [&chosen, &catalogue, explainer](
             Result<Session>& session,
             const std::string& order) -> Result<std::string> {
    TRY_ASSIGN(FramedText frame, parse_frame(order, 1));
    auto number = static_cast<std::size_t>(frame.words[0]);
    if (number >= chosen.size()) {
      return internal_error("no such cause");
    }
    const Cause& cause = *chosen[number];
    return atlas_row_line(
        session ? atlas_row(*session, cause, catalogue, *explainer)
                : row_without(cause, session.error()));
  };
}

}  // namespace faultrig
