#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/model/dns_fault.h"

namespace faultrig {

// What a message of DNS (RFC 1035, 4) asks, if it is a query with one question
// of the internet's class. Nothing for all else: an answer, an update, what
// breaks off, what is no DNS.
std::optional<DnsQuestion> dns_question(std::string_view message);

// The answer to such a query that a fault gives in the resolver's place: that
// of `none` and `late` is empty.
std::string dns_reply(std::string_view query, const DnsQuestion& question,
                      const DnsFault& fault);

// Does such an answer have an address? One of the other family has none.
bool is_answered_with_address(const DnsQuestion& question,
                              const DnsFault& fault);

// Does it say that a name is there, or that it is not? Then it needs no other
// answer.
bool is_good_dns_answer(std::string_view message);

// Can what is sent on a connection begin so, if it is DNS: a length, and
// something that is asked (also an update, or a question without a name)?
bool begins_dns_stream(std::string_view bytes);

}  // namespace faultrig
