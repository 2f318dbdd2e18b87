#include "harness/profile/gunzip.h"

#include <zlib.h>

#include <array>
#include <memory>

namespace faultrig {

namespace {

constexpr int kGzip = 16;  // for inflateInit2(): that, and no bare zlib
constexpr std::size_t kPart = 1 << 16;

// Ends what was begun.
struct EndInflating {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

struct EndDeflating {
  void operator()(z_stream* stream) const { deflateEnd(stream); }
};

}  // namespace

Result<std::string> gunzip(std::string_view bytes, std::size_t most) {
  if (!bytes.starts_with("\x1f\x8b")) {
    return std::string(bytes);
  }
  // zlib reads its input only, and takes what is not const.
  std::string input(bytes);
  z_stream stream{};
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  if (input.size() != stream.avail_in ||
      inflateInit2(&stream, kGzip + MAX_WBITS) != Z_OK) {
    return internal_error("zlib cannot begin");
  }
  std::unique_ptr<z_stream, EndInflating> ends_it(&stream);
  std::string out;
  std::array<char, kPart> part;
  int told = Z_OK;
  while (told == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = kPart;
    told = inflate(&stream, Z_NO_FLUSH);
    out.append(part.data(), kPart - stream.avail_out);
    if (out.size() > most) {
      return usage_error("it comes to more than " + std::to_string(most >> 20) +
                         " MiB");
    }
  }
  if (told == Z_BUF_ERROR) {  // it wants more, and there is none
    return usage_error("it is cut: its gzip ends early");
  }
  if (told != Z_STREAM_END) {
    return usage_error("its gzip is damaged");
  }
  // Two processes that write one file leave the end of the longer one.
  return stream.avail_in == 0
             ? Result(std::move(out))
             : usage_error(
                   "it goes on behind its gzip: more than one wrote it");
}

Result<std::string> gzip(std::string_view bytes) {
  std::string input(bytes);
  z_stream stream{};
  constexpr int kUsualMemory = 8;
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
                   kGzip + MAX_WBITS, kUsualMemory,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    return internal_error("zlib cannot begin");
  }
  std::unique_ptr<z_stream, EndDeflating> ends_it(&stream);
  std::string out(deflateBound(&stream, input.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  if (input.size() != stream.avail_in ||
      deflate(&stream, Z_FINISH) != Z_STREAM_END) {
    return internal_error("zlib cannot pack so much");
  }
  out.resize(stream.total_out);
  return out;
}

}  // namespace faultrig
