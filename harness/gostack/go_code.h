#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/gostack/elf_image.h"
#include "harness/gostack/find_table.h"
#include "harness/gostack/memory.h"
#include "harness/model/go_stack.h"

namespace faultrig {

// A function and its place; of inlined ones several at one instruction.
struct CodePlace {
  GoFrame frame;
  bool wrapper = false;  // made by the compiler: told only below a panic
};

// What there is to know of one instruction.
struct CodeStep {
  enum class Then {
    caller,   // the function's caller comes next
    end,      // it is the first of its stack
    unknown,  // its frame has no known size
  };
  std::vector<CodePlace> places;  // innermost first
  Then then = Then::unknown;
  std::int32_t frame_size = 0;
  // Its caller was stopped at an instruction, and did not call.
  bool is_trap = false;
};

// The Go tables of one executable file, for all processes that run it.
class GoCode {
 public:
  // Never fails: what cannot be read makes stacks unknown.
  explicit GoCode(std::shared_ptr<const Memory> file);

  // Has it anything of Go?
  bool is_go() const { return found_ || !trouble_.empty(); }
  // Why nothing can be known of its stacks; empty: it can.
  const std::string& trouble() const { return trouble_; }
  // Does it lie elsewhere in each process?
  bool moves() const { return image_ && image_->moves(); }
  // Only of a file that has something of Go's.
  const ElfImage& image() const { return *image_; }
  // Where it starts, as it is linked.
  std::uint64_t entry() const { return image_ ? image_->entry() : 0; }

  // Reads what only a running process has, once. False: not there.
  bool settle(const Memory& process, std::uint64_t bias);
  // Has the loader filled in this process's addresses yet? Before that no Go
  // function has run.
  bool has_begun(const Memory& process, std::uint64_t bias) const;
  // Is it an address of the program's own code, Go's or not?
  bool has_code(std::uint64_t linked) const {
    return image_ && image_->has_code(linked);
  }

  // Of an address as it is linked; after settle() only.
  bool is_go_code(std::uint64_t linked) const;
  const CodeStep& step(std::uint64_t linked);
  // Is it in the function that carries a goroutine over to C?
  bool is_call_of_c(std::uint64_t linked) const;
  // The instructions of the function of this name; nothing: there is none.
  struct Range {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
  };
  std::optional<Range> function_named(std::string_view name) const;
  // Does a function begin there?
  bool is_entry(std::uint64_t linked) const;
  // The instruction that a return address is behind; itself where a function
  // begins there: a goroutine that left its stack is said to stand at one.
  std::uint64_t before(std::uint64_t linked);

 private:
  CodeStep make_step(std::uint64_t pc) const;
  void add_places(const GoTable::Function& function, std::uint64_t pc,
                  CodeStep& step) const;
  std::optional<InlinedCall> inlined_at(const GoTable::Function& function,
                                        std::uint64_t pc) const;
  void look_through();

  std::optional<ElfImage> image_;
  std::optional<FoundTable> found_;
  std::optional<GoModule> module_;
  std::string trouble_;
  std::uint8_t wrapper_id_ = 0;
  // runtime.asmcgocall, and the wrapper that Go calls it by.
  std::vector<GoTable::Function> to_c_;
  std::unordered_map<std::uint64_t, std::uint64_t> before_;
  std::unordered_map<std::uint64_t, CodeStep> steps_;
};

}  // namespace faultrig
