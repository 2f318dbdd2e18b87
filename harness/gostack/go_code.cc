// A stack is a chain of return addresses; which word of a frame holds one says
// the table, for every instruction. What is decoded of an instruction is kept:
// a program makes its calls from few places.
#include "harness/gostack/go_code.h"

#include <algorithm>
#include <array>
#include <utility>

namespace faultrig {

namespace {

constexpr std::size_t kMostSteps = 200'000;
constexpr int kMostInlined = 256;

// Names in the table may carry the way in which arguments are passed.
bool is_named(std::string_view name, std::string_view wanted) {
  return name == wanted ||
         (name.starts_with(wanted) && name.substr(wanted.size()) == ".abi0");
}

// The runtime makes it look as if the stopped instruction had called them.
bool is_trap(std::string_view name) {
  return is_named(name, "runtime.sigpanic") ||
         is_named(name, "runtime.asyncPreempt") ||
         is_named(name, "runtime.debugCallV2");
}

// They change over to another stack, on which the runtime works for itself:
// what is there has no callers.
bool is_other_stack(std::string_view name) {
  constexpr std::array<std::string_view, 6> kSwitches{
      "runtime.mcall",  "runtime.systemstack", "runtime.morestack",
      "runtime.mstart", "runtime.rt0_go",      "runtime.asmcgocall"};
  return std::any_of(kSwitches.begin(), kSwitches.end(),
                     [&](auto one) { return is_named(name, one); });
}

}  // namespace

GoCode::GoCode(std::shared_ptr<const Memory> file) {
  auto image = ElfImage::open(std::move(file));
  if (!image) {
    return;
  }
  image_ = *std::move(image);
  auto found = find_table(*image_);
  if (!found) {
    trouble_ = found.error().what;
    return;
  }
  found_ = *std::move(found);
  if (found_) {
    look_through();
  }
}

// The number by which the runtime knows wrappers is the last of its list, which
// grows with each version; the table has at least one of them.
void GoCode::look_through() {
  const GoTable& table = found_->table;
  for (std::uint64_t i = 0; i < table.size(); ++i) {
    auto function = table.at(i);
    if (!function) {
      continue;
    }
    wrapper_id_ = std::max(wrapper_id_, function->id);
    // Special, and only such: names cost more than numbers.
    std::string name = function->id != 0 ? table.name(function->name) : "";
    if (is_named(name, "runtime.asmcgocall")) {
      to_c_.push_back(*function);
    }
  }
}

bool GoCode::settle(const Memory& process, std::uint64_t bias) {
  if (!module_ && found_) {
    module_ = find_module(*image_, *found_, process, bias);
  }
  return module_.has_value();
}

bool GoCode::has_begun(const Memory& process, std::uint64_t bias) const {
  if (!image_ || !image_->moves()) {
    return true;
  }
  auto all = image_->relocations();
  return all.empty() || std::all_of(all.begin(), all.end(), [&](auto one) {
           return process.word(bias + one.address) == bias + one.target;
         });
}

bool GoCode::is_go_code(std::uint64_t linked) const {
  return module_ && linked >= module_->text && linked < module_->text_end;
}

bool GoCode::is_call_of_c(std::uint64_t linked) const {
  std::uint64_t pc = linked - (module_ ? module_->text : 0);
  return module_ && std::any_of(to_c_.begin(), to_c_.end(),
                                [pc](const GoTable::Function& one) {
                                  return pc > one.entry && pc <= one.end;
                                });
}

std::optional<GoCode::Range> GoCode::function_named(
    std::string_view name) const {
  std::uint64_t size = found_ && module_ ? found_->table.size() : 0;
  for (std::uint64_t i = 0; i < size; ++i) {
    auto function = found_->table.at(i);
    if (function && found_->table.is_named(function->name, name)) {
      return Range{module_->text + function->entry,
                   module_->text + function->end};
    }
  }
  return std::nullopt;
}

bool GoCode::is_entry(std::uint64_t linked) const {
  std::uint64_t pc = linked - (module_ ? module_->text : 0);
  auto function = found_ ? found_->table.find(pc) : std::nullopt;
  return function && function->entry == pc;
}

std::uint64_t GoCode::before(std::uint64_t linked) {
  auto known = before_.find(linked);
  if (known != before_.end()) {
    return known->second;
  }
  if (before_.size() >= kMostSteps) {
    before_.clear();
  }
  std::uint64_t pc = linked - (module_ ? module_->text : 0);
  auto function = found_ ? found_->table.find(pc) : std::nullopt;
  std::uint64_t before =
      function && function->entry == pc ? linked : linked - 1;
  before_.emplace(linked, before);
  return before;
}

const CodeStep& GoCode::step(std::uint64_t linked) {
  std::uint64_t pc = linked - module_->text;
  auto known = steps_.find(pc);
  if (known != steps_.end()) {
    return known->second;
  }
  if (steps_.size() >= kMostSteps) {
    steps_.clear();
  }
  return steps_.emplace(pc, make_step(pc)).first->second;
}

CodeStep GoCode::make_step(std::uint64_t pc) const {
  CodeStep step;
  auto function = found_->table.find(pc);
  if (!function) {
    return step;
  }
  add_places(*function, pc, step);
  std::string name = found_->table.name(function->name);
  step.is_trap = is_trap(name);
  if (name.empty()) {
    return step;
  }
  // cgocallback takes care that both of its stacks can be walked.
  bool writes = (function->flag & GoTable::kWritesSp) != 0 &&
                !is_named(name, "runtime.cgocallback");
  if ((function->flag & GoTable::kTop) != 0 ||
      (writes && is_other_stack(name))) {
    step.then = CodeStep::Then::end;
    return step;
  }
  auto size = found_->table.frame_size(*function, pc);
  if (size && !writes) {
    step.then = CodeStep::Then::caller;
    step.frame_size = *size;
  }
  return step;
}

std::optional<InlinedCall> GoCode::inlined_at(const GoTable::Function& function,
                                              std::uint64_t pc) const {
  auto index = found_->table.inlined(function, pc);
  auto tree = found_->table.inline_tree(function);
  if (!index || !tree || module_->function_data == 0) {
    return std::nullopt;
  }
  return inlined_call(*image_, found_->table, module_->function_data + *tree,
                      *index);
}

void GoCode::add_places(const GoTable::Function& function, std::uint64_t pc,
                        CodeStep& step) const {
  const GoTable& table = found_->table;
  auto add = [&](std::uint32_t name, std::uint8_t id) {
    step.places.push_back(
        {{table.name(name), table.file(function, pc), table.line(function, pc)},
         wrapper_id_ != 0 && id == wrapper_id_});
  };
  for (int depth = 0; depth < kMostInlined; ++depth) {
    auto inlined = inlined_at(function, pc);
    if (!inlined) {
      break;
    }
    add(inlined->name, inlined->id);
    pc = function.entry + inlined->parent_pc;
  }
  add(function.name, function.id);
}

}  // namespace faultrig
