// The table of sections lies behind what programs are told of the image
// (program headers), within its last page: a place where code can stand without
// being in the way of a function.
#include "harness/os/vdso_image.h"

#include <elf.h>

#include <array>
#include <cstring>
#include <optional>

namespace faultrig {

namespace {

// So that what is put there can begin at a multiple of this.
constexpr std::uint64_t kAligned = 16;
// More than any vDSO has had.
constexpr std::size_t kMostSymbols = 1000;

// A record of the image; nothing where it does not lie in it.
template <typename Record>
std::optional<Record> record_at(std::string_view image, std::uint64_t at) {
  if (at > image.size() || image.size() - at < sizeof(Record)) {
    return std::nullopt;
  }
  Record out;
  std::memcpy(&out, image.data() + at, sizeof out);
  return out;
}

Error strange(const char* what) {
  return unsupported_error(std::string("the vDSO of this kernel ") + what);
}

Result<Elf64_Ehdr> header_of(std::string_view image) {
  auto header = record_at<Elf64_Ehdr>(image, 0);
  bool sound = header && std::memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
               header->e_ident[EI_CLASS] == ELFCLASS64 &&
               header->e_machine == EM_X86_64 &&
               header->e_shentsize == sizeof(Elf64_Shdr);
  if (!sound) {
    return strange("is no x86-64 image with sections");
  }
  return *header;
}

std::string_view name_at(std::string_view image, const Elf64_Shdr& names,
                         std::uint32_t at) {
  std::uint64_t begin = names.sh_offset + at;
  if (at >= names.sh_size || begin >= image.size()) {
    return {};
  }
  std::string_view rest = image.substr(begin);
  return rest.substr(0, rest.find('\0'));
}

// Where the first bytes of the image were meant to be loaded: what symbols
// count from. 0 but for kernels in user mode.
std::uint64_t meant_for(std::string_view image, const Elf64_Ehdr& header) {
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    auto part =
        record_at<Elf64_Phdr>(image, header.e_phoff + i * sizeof(Elf64_Phdr));
    if (part && part->p_type == PT_LOAD) {
      return part->p_vaddr - part->p_offset;
    }
  }
  return 0;
}

struct Wanted {
  const char* name;
  std::uint64_t VdsoPlaces::*place;
};
constexpr std::array<Wanted, 3> kWanted{
    {{"__vdso_clock_gettime", &VdsoPlaces::clock_gettime},
     {"__vdso_gettimeofday", &VdsoPlaces::gettimeofday},
     {"__vdso_time", &VdsoPlaces::time}}};

void note(VdsoPlaces& places, std::string_view name, std::uint64_t at) {
  for (const Wanted& wanted : kWanted) {
    if (name == wanted.name) {
      places.*wanted.place = at;
    }
  }
}

std::optional<Elf64_Shdr> symbols_of(std::string_view image,
                                     const Elf64_Ehdr& header) {
  for (unsigned i = 0; i < header.e_shnum; ++i) {
    auto section =
        record_at<Elf64_Shdr>(image, header.e_shoff + i * sizeof(Elf64_Shdr));
    if (section && section->sh_type == SHT_DYNSYM) {
      return section;
    }
  }
  return std::nullopt;
}

}  // namespace

Result<VdsoPlaces> room_of_vdso(std::string_view header) {
  TRY_ASSIGN(Elf64_Ehdr found, header_of(header));
  VdsoPlaces places;
  std::uint64_t end = found.e_shoff + found.e_shnum * sizeof(Elf64_Shdr);
  places.room = (found.e_shoff + kAligned - 1) / kAligned * kAligned;
  places.room_size = end > places.room ? end - places.room : 0;
  return places;
}

Result<VdsoPlaces> places_of_vdso(std::string_view image) {
  TRY_ASSIGN(Elf64_Ehdr header, header_of(image));
  TRY_ASSIGN(VdsoPlaces places, room_of_vdso(image));
  if (places.room > image.size() ||
      image.size() - places.room < places.room_size) {
    return strange("has its table of sections elsewhere");
  }
  std::uint64_t base = meant_for(image, header);
  auto symbols = symbols_of(image, header);
  auto names =
      symbols
          ? record_at<Elf64_Shdr>(
                image, header.e_shoff + symbols->sh_link * sizeof(Elf64_Shdr))
          : std::nullopt;
  for (std::size_t i = 0; names && i < kMostSymbols; ++i) {
    std::uint64_t at = i * sizeof(Elf64_Sym);
    auto symbol = record_at<Elf64_Sym>(image, symbols->sh_offset + at);
    if (!symbol || at >= symbols->sh_size) {
      break;
    }
    std::uint64_t place = symbol->st_value - base;
    if (place < image.size()) {
      note(places, name_at(image, *names, symbol->st_name), place);
    }
  }
  for (const Wanted& wanted : kWanted) {
    if (places.*wanted.place == 0) {
      return strange((std::string("has no ") + wanted.name).c_str());
    }
  }
  return places;
}

std::string jump_between(std::uint64_t from, std::uint64_t to) {
  constexpr std::size_t kJump = 5;  // e9, and the distance from behind it
  auto distance = static_cast<std::int32_t>(to - from - kJump);
  std::string out(kJump, '\xe9');
  std::memcpy(out.data() + 1, &distance, sizeof distance);
  return out;
}

}  // namespace faultrig
