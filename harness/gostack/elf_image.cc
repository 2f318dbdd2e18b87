// Segments are what the kernel loads, so every file that runs has them;
// sections are for others to read, and a stripped file need not have any.
#include "harness/gostack/elf_image.h"

#include <algorithm>
#include <utility>

namespace faultrig {

namespace {

// elf(5)
constexpr std::size_t kFileHeader = 64;
constexpr std::size_t kProgramHeader = 56;
constexpr std::size_t kSectionHeader = 64;
constexpr std::uint32_t kLoad = 1;
constexpr std::uint32_t kDynamic = 2;
constexpr std::uint32_t kNote = 4;
constexpr std::uint16_t kExecutable = 2;
constexpr std::uint16_t kShared = 3;
constexpr std::uint16_t kX86 = 62;
constexpr std::uint64_t kRelative = 8;  // R_X86_64_RELATIVE

constexpr std::uint64_t kMostHeaders = 256;
constexpr std::uint64_t kMostNames = 1 << 16;
constexpr std::uint64_t kMostNotes = 1 << 12;

std::uint16_t short_at(const std::string& text, std::uint64_t offset) {
  return static_cast<std::uint16_t>(byte_at(text, offset) |
                                    byte_at(text, offset + 1) << 8);
}

}  // namespace

Result<ElfImage> ElfImage::open(std::shared_ptr<const Memory> file) {
  ElfImage image;
  image.file_ = std::move(file);
  auto header = image.file_->bytes(0, kFileHeader);
  bool sound = header &&
               header->starts_with(
                   "\x7f"
                   "ELF\x02\x01") &&
               short_at(*header, 18) == kX86;
  std::uint16_t type = sound ? short_at(*header, 16) : 0;
  if (type != kExecutable && type != kShared) {
    return unsupported_error("no program for x86_64");
  }
  image.moves_ = type == kShared;
  image.entry_ = word_at(*header, 24);
  std::uint64_t number =
      std::min<std::uint64_t>(short_at(*header, 56), kMostHeaders);
  for (std::uint64_t i = 0; i < number; ++i) {
    auto one = image.file_->bytes(word_at(*header, 32) + i * kProgramHeader,
                                  kProgramHeader);
    if (one) {
      image.add_segment(*one);
    }
  }
  image.read_sections(*header);
  return image;
}

void ElfImage::add_segment(const std::string& header) {
  std::uint32_t flags = half_at(header, 4);
  Segment one{word_at(header, 16), word_at(header, 8), word_at(header, 32),
              word_at(header, 40), (flags & 1) != 0,   (flags & 2) != 0};
  std::uint32_t type = half_at(header, 0);
  // One that would reach round the end of all addresses is none.
  bool sound = one.address + one.memory_size >= one.address &&
               one.offset + one.file_size >= one.offset &&
               one.file_size <= one.memory_size;
  if (type == kLoad && sound) {
    segments_.push_back(one);
  } else if (type == kDynamic) {
    dynamic_ = one.address;
    dynamic_size_ = one.file_size;
  } else if (type == kNote) {
    look_at_note(one.offset, one.file_size);
  }
}

void ElfImage::look_at_note(std::uint64_t offset, std::uint64_t size) {
  auto notes = file_->bytes(offset, std::min(size, kMostNotes));
  has_go_note_ =
      has_go_note_ ||
      (notes && notes->find(std::string("Go\0\0", 4)) != std::string::npos);
}

void ElfImage::read_sections(const std::string& header) {
  std::uint64_t table = word_at(header, 40);
  std::uint64_t number =
      std::min<std::uint64_t>(short_at(header, 60), kMostHeaders);
  auto all = file_->bytes(table, number * kSectionHeader);
  std::uint64_t names_at = short_at(header, 62) * kSectionHeader;
  if (!all || table == 0 || !holds(*all, names_at, kSectionHeader)) {
    return;
  }
  auto names = file_->bytes(word_at(*all, names_at + 24),
                            std::min(word_at(*all, names_at + 32), kMostNames));
  for (std::uint64_t i = 0; names && i < number; ++i) {
    std::uint64_t at = i * kSectionHeader;
    std::uint32_t name = half_at(*all, at);
    if (name < names->size()) {
      sections_.push_back({names->c_str() + name, word_at(*all, at + 16),
                           word_at(*all, at + 32)});
    }
  }
}

const ElfImage::Section* ElfImage::section(std::string_view name) const {
  auto found =
      std::find_if(sections_.begin(), sections_.end(),
                   [&](const Section& one) { return one.name == name; });
  return found == sections_.end() ? nullptr : &*found;
}

std::size_t ElfImage::read(std::uint64_t address, char* out,
                           std::size_t size) const {
  for (const Segment& one : segments_) {
    if (address >= one.address && address - one.address < one.file_size) {
      std::uint64_t at = address - one.address;
      return file_->read(one.offset + at, out,
                         std::min<std::uint64_t>(size, one.file_size - at));
    }
  }
  return 0;
}

bool ElfImage::has_code(std::uint64_t address) const {
  return std::any_of(segments_.begin(), segments_.end(),
                     [&](const Segment& one) {
                       return one.executable && one.reaches(address);
                     });
}

bool ElfImage::is_written(std::uint64_t address) const {
  return std::any_of(
      segments_.begin(), segments_.end(),
      [&](const Segment& one) { return one.writable && one.reaches(address); });
}

std::vector<ElfImage::Relocation> ElfImage::relocations() const {
  constexpr std::uint64_t kTable = 7;  // DT_RELA
  constexpr std::size_t kMost = 16;
  std::vector<Relocation> out;
  auto dynamic = bytes(dynamic_, std::min(dynamic_size_, kMostNotes));
  std::uint64_t table = 0;
  for (std::uint64_t at = 0; dynamic && at < dynamic->size(); at += 16) {
    if (word_at(*dynamic, at) == kTable) {
      table = word_at(*dynamic, at + 8);
    }
  }
  for (std::size_t i = 0; table != 0 && i < kMost; ++i) {
    auto one = bytes(table + i * 24, 24);
    if (one && word_at(*one, 8) == kRelative) {
      out.push_back({word_at(*one, 0), word_at(*one, 16)});
    }
  }
  return out;
}

}  // namespace faultrig
