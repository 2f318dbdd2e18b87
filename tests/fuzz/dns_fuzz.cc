// A workload asks what it likes. What is answered in a resolver's place is an
// answer to that very question; a stream is cut the same way however its bytes
// come, and nothing of it is lost.
#include <arpa/nameser.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "harness/run/dns_frames.h"
#include "harness/run/dns_message.h"

using faultrig::DnsAnswer;

static void check_reply(std::string_view query,
                        const faultrig::DnsQuestion& question,
                        const faultrig::DnsFault& fault) {
  std::string reply = faultrig::dns_reply(query, question, fault);
  bool said = fault.answer != DnsAnswer::none;
  ns_msg parsed;
  bool whole =
      ns_initparse(reinterpret_cast<const unsigned char*>(reply.data()),
                   static_cast<int>(reply.size()), &parsed) == 0;
  bool wanted = said && fault.answer != DnsAnswer::garbled;
  if (whole != wanted || reply.size() > 512 ||
      (said && reply.substr(0, 2) != query.substr(0, 2))) {
    std::abort();
  }
}

// `early`: what has come goes on before it is whole.
static std::string cut(std::string_view bytes, std::size_t piece, bool early) {
  faultrig::DnsFrames frames(true);
  std::string out;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    frames.add(bytes.substr(0, piece));
    for (auto one = frames.next(); one; one = frames.next()) {
      out += one->bytes.substr(one->gone);
    }
    out += early ? frames.let_go() : "";
  }
  return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes,
                                      std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (auto question = faultrig::dns_question(text)) {
    for (int answer = 0; answer <= static_cast<int>(DnsAnswer::address);
         ++answer) {
      faultrig::DnsFault fault;
      fault.answer = static_cast<DnsAnswer>(answer);
      fault.address = size % 2 == 0 ? "\x7f\1\1\1" : "0123456789abcdef";
      check_reply(text, *question, fault);
    }
  }
  std::string whole = cut(text, text.size() + 1, false);
  std::string pieces = cut(text, size % 7 + 1, false);
  bool early = cut(text, size % 7 + 1, true) == text;
  if (!early || text.substr(0, whole.size()) != whole ||
      text.substr(0, pieces.size()) != pieces || whole.size() < pieces.size()) {
    std::abort();
  }
  return 0;
}
