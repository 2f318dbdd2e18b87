// A mark is in the trace each time that the program sets it: what came without
// the one before it broke the order. A function is seen only where something
// happened in it: so of functions an order can be seen to be kept, and a breach
// of it is a doubt.
#include "harness/judge/steps_order.h"

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/model/timeline.h"

namespace faultrig {

void StepsOrder::learn(const Observation& steps) {
  for (std::size_t step = 0; step + kStepNames <= steps.names.size();
       step += kStepNames) {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      Match match = match_of(steps, step, i);
      marked_[i] = marked_[i] || match == Match::marked;
      there_[i] = there_[i] || match != Match::none;
    }
  }
}

void StepsOrder::take(std::size_t index, const Observation& steps) {
  std::size_t next = 0;
  for (std::size_t step = 0; step + kStepNames <= steps.names.size();
       step += kStepNames) {
    next = after(index, steps, step, next);
  }
  cut_ = steps.action == kStepsCut && !cut_ ? std::optional(index) : cut_;
}

Finding StepsOrder::finding(const std::vector<std::size_t>& kept,
                            std::optional<std::size_t> less,
                            const Evidence& evidence) const {
  std::string text = join(names_, ", ");
  if (broken_) {
    return answer(false, text + ": " + how_, evidence, {*broken_});
  }
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (!there_[i]) {
      return cannot_tell(text + ": nothing of the name " +
                             in_quotes(names_[i]) +
                             " is in the trace, neither a mark nor a "
                             "function in which something was seen",
                         kept);
    }
  }
  if (doubtful_) {
    return cannot_tell(text + ": " + how_ +
                           "; a function that only computes is not seen: "
                           "mark it by trace.StartRegion",
                       {*doubtful_});
  }
  less = less ? less : cut_;
  if (less) {
    return cannot_tell(text + ": so far in this order, and not all is seen: " +
                           cite(evidence, *less),
                       {*less});
  }
  std::string times = fmt::format("{}: in this order, {} times", text, done_);
  return done_ > 0
             ? answer(true, times, evidence, cites_)
             : cannot_tell(text + ": never all of them on one goroutine", kept);
}

StepsOrder::Match StepsOrder::match_of(const Observation& steps,
                                       std::size_t step,
                                       std::size_t name) const {
  const std::string& mark = steps.names[step + kStepName];
  const std::string& function = steps.names[step + kStepFunction];
  if (steps.names[step + kStepKind] != kStepSeen &&
      (mark == names_[name] || glob_match(names_[name], mark))) {
    return Match::marked;
  }
  CallOrigin origin;
  origin.in = names_[name];
  GoStack stack{{{function, "", 0}}, ""};
  return !function.empty() && comes_from(origin, "", &stack).value_or(false)
             ? Match::seen
             : Match::none;
}

// How many of the names have come in turn, with this step.
std::size_t StepsOrder::after(std::size_t index, const Observation& steps,
                              std::size_t step, std::size_t next) {
  std::size_t first = names_.size();
  Match how = Match::none;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    Match match = match_of(steps, step, i);
    bool better = match != Match::none && (how == Match::none || i == next);
    first = better ? i : first;
    how = better ? match : how;
  }
  bool goes_on = how == Match::seen && first + 1 == next;
  if (how == Match::none || goes_on) {
    return next;
  }
  if (first == next || first == 0) {
    bool done = first + 1 == names_.size();
    done_ += done ? steps.number : 0;
    if (done && (cites_.empty() || cites_.back() != index)) {
      cites_.push_back(index);
    }
    return first + 1;
  }
  refuse(index, steps, first, how);
  return next;
}

// Marks are all seen: what is not there was not.
void StepsOrder::refuse(std::size_t index, const Observation& steps,
                        std::size_t name, Match how) {
  bool sure = how == Match::marked && marked_[name - 1];
  std::optional<std::size_t>& where = sure ? broken_ : doubtful_;
  if ((sure && !broken_) || (!broken_ && !doubtful_)) {
    how_ = fmt::format("{} came without {} before it, on {}",
                       in_quotes(names_[name]), in_quotes(names_[name - 1]),
                       for_one_line(steps.text));
  }
  where = where ? where : std::optional(index);
}

}  // namespace faultrig
