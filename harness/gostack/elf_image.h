#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/gostack/memory.h"

namespace faultrig {

// An x86_64 executable file (elf(5)), read by the addresses that it is linked
// to. What its headers claim is checked against bounds of ours.
class ElfImage : public Memory {
 public:
  struct Segment {
    std::uint64_t address = 0;
    std::uint64_t offset = 0;
    std::uint64_t file_size = 0;
    std::uint64_t memory_size = 0;
    bool executable = false;
    bool writable = false;

    bool reaches(std::uint64_t at) const {
      return at >= address && at - address < memory_size;
    }
  };
  struct Section {
    std::string name;
    std::uint64_t address = 0;
    std::uint64_t size = 0;
  };

  // Unsupported: no such file.
  static Result<ElfImage> open(std::shared_ptr<const Memory> file);

  std::size_t read(std::uint64_t address, char* out,
                   std::size_t size) const override;

  // PT_LOAD, in the order of the file.
  const std::vector<Segment>& segments() const { return segments_; }
  // The first section called so; null also where there are no sections.
  const Section* section(std::string_view name) const;
  std::uint64_t entry() const { return entry_; }
  // Does it begin where the loader wants (ET_DYN)?
  bool moves() const { return moves_; }
  // Is there code at this address, as it is linked?
  bool has_code(std::uint64_t address) const;
  // Is there data at this address that the program may write?
  bool is_written(std::uint64_t address) const;
  // A note of the Go linker (PT_NOTE).
  bool has_go_note() const { return has_go_note_; }
  // Of a file that moves: the first words that the loader fills with an address
  // of the file's own (R_X86_64_RELATIVE), and the address as it is linked.
  struct Relocation {
    std::uint64_t address = 0;
    std::uint64_t target = 0;
  };
  std::vector<Relocation> relocations() const;

 private:
  ElfImage() = default;
  void add_segment(const std::string& header);
  void look_at_note(std::uint64_t offset, std::uint64_t size);
  void read_sections(const std::string& header);

  std::shared_ptr<const Memory> file_;
  std::vector<Segment> segments_;
  std::vector<Section> sections_;
  std::uint64_t entry_ = 0;
  std::uint64_t dynamic_ = 0;
  std::uint64_t dynamic_size_ = 0;
  bool moves_ = false;
  bool has_go_note_ = false;
};

}  // namespace faultrig
