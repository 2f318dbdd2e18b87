// UTF-16 has a zero byte in each unit of plain English (RFC 2781). Pairs of
// surrogates are joined; a lone one becomes U+FFFD.
#include "harness/explain/log_bytes.h"

#include <algorithm>
#include <utility>

namespace faultrig {

namespace {

constexpr std::size_t kLongestLine = 1 << 20;
constexpr std::size_t kEnough = 4;
constexpr std::uint32_t kUnknown = 0xFFFD;

void put_utf8(std::uint32_t code, std::string& out) {
  auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

}  // namespace

LogBytes::LogBytes(Take take) : take_(std::move(take)) {}

void LogBytes::decide() {
  auto zero = [&](std::size_t at) { return start_[at] == '\0'; };
  bool marked_little = start_.starts_with("\xFF\xFE");
  bool marked_big = start_.starts_with("\xFE\xFF");
  bool whole = start_.size() >= kEnough;
  bool looks_little = whole && zero(1) && zero(3) && !zero(0) && !zero(2);
  bool looks_big = whole && zero(0) && zero(2) && !zero(1) && !zero(3);
  form_ = marked_little || looks_little ? Form::little
          : marked_big || looks_big     ? Form::big
                                        : Form::bytes;
  if (marked_little || marked_big) {
    start_.erase(0, 2);
  }
}

void LogBytes::feed(std::string_view bytes) {
  std::string first;
  if (form_ == Form::unknown) {
    start_ += bytes;
    if (start_.size() < kEnough) {
      return;
    }
    decide();
    first = std::exchange(start_, "");
    bytes = first;
  }
  if (form_ == Form::bytes) {
    take_bytes(bytes);
  } else {
    take_units(bytes);
  }
}

void LogBytes::finish() {
  if (form_ == Form::unknown && !start_.empty()) {
    form_ = Form::bytes;
    take_bytes(std::exchange(start_, ""));
  }
  if (!line_.empty()) {
    take_(std::exchange(line_, ""));
  }
}

void LogBytes::take_units(std::string_view bytes) {
  decoded_.clear();
  for (char byte : bytes) {
    half_ += byte;
    if (half_.size() == 2) {
      auto first = static_cast<unsigned char>(half_[0]);
      auto second = static_cast<unsigned char>(half_[1]);
      put_unit(form_ == Form::little ? second << 8U | first
                                     : first << 8U | second);
      half_.clear();
    }
  }
  take_bytes(decoded_);
}

void LogBytes::put_unit(std::uint32_t unit) {
  bool low = unit >= 0xDC00 && unit < 0xE000;
  if (surrogate_ != 0) {
    std::uint32_t high = std::exchange(surrogate_, 0U);
    put_utf8(
        low ? 0x10000 + ((high - 0xD800) << 10U) + (unit - 0xDC00) : kUnknown,
        decoded_);
    if (low) {
      return;
    }
  }
  if (unit >= 0xD800 && unit < 0xDC00) {
    surrogate_ = unit;
    return;
  }
  put_utf8(low ? kUnknown : unit, decoded_);
}

void LogBytes::take_bytes(std::string_view bytes) {
  while (!bytes.empty()) {
    std::size_t end = bytes.find('\n');
    std::string_view part = bytes.substr(0, end);
    if (line_.size() + part.size() > kLongestLine) {
      // Its ends are what matters: keep the start, go on with what comes.
      line_.resize(std::min(line_.size(), kLongestLine / 2));
      std::size_t room = kLongestLine / 2;
      part = part.size() > room ? part.substr(part.size() - room) : part;
    }
    if (end == std::string_view::npos) {
      line_ += part;
      return;
    }
    if (line_.empty()) {
      take_(part);
    } else {
      line_ += part;
      take_(std::exchange(line_, ""));
    }
    bytes.remove_prefix(end + 1);
  }
}

}  // namespace faultrig
