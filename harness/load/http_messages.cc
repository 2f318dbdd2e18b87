// Beast's parser (basic_parser) takes bytes as they come and calls back; it is
// told to be eager, so that it goes from the head into the body by itself. What
// it leaves of a head or of a chunk's head that is not whole yet is kept here
// and shown again with what follows.
//
// Beast 1.81 asserts that a last chunk which comes in pieces has five bytes: a
// server that sends an empty body by chunks, "0", a line end, and the rest a
// moment later, would end us. What it goes on to do with three is right
// (tests/fuzz/reply_fuzz.cc), so its assertions are off in this file.
#define BOOST_DISABLE_ASSERTS

#include "harness/load/http_messages.h"

#include <algorithm>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace faultrig {

namespace {

namespace http = boost::beast::http;
using ErrorCode = boost::beast::error_code;
using View = boost::beast::string_view;

constexpr std::uint32_t kLongestHead = 64 << 10;
// Of a request that is kept until it is whole.
constexpr std::uint64_t kLongestBody = 256 << 10;

// One message.
class Message : public http::basic_parser<false> {
 public:
  Message(bool to_head, std::size_t kept) : kept_(kept) {
    eager(true);
    skip(to_head);
    header_limit(kLongestHead);
    body_limit(boost::none);
  }

  int status = 0;
  std::string location;
  std::string beginning;

 private:
  void on_request_impl(http::verb /*method*/, View /*text*/, View /*target*/,
                       int /*version*/, ErrorCode& /*failed*/) override {}
  void on_response_impl(int code, View /*reason*/, int /*version*/,
                        ErrorCode& /*failed*/) override {
    status = code;
  }
  void on_field_impl(http::field name, View /*text*/, View value,
                     ErrorCode& /*failed*/) override {
    if (name == http::field::location) {
      location.assign(value.data(), value.size());
    }
  }
  void on_header_impl(ErrorCode& /*failed*/) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/,
                         ErrorCode& /*failed*/) override {}
  std::size_t on_body_impl(View body, ErrorCode& /*failed*/) override {
    std::size_t room = kept_ - beginning.size();
    beginning.append(body.data(), std::min(room, body.size()));
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t /*size*/, View /*extensions*/,
                            ErrorCode& /*failed*/) override {}
  std::size_t on_chunk_body_impl(std::uint64_t /*left*/, View body,
                                 ErrorCode& failed) override {
    return on_body_impl(body, failed);
  }
  void on_finish_impl(ErrorCode& /*failed*/) override {}

  std::size_t kept_;
};

// Beast would wait for the end of a head first.
bool can_be_http(std::string_view start) {
  constexpr std::string_view kProtocol = "HTTP/1.";
  return start.substr(0, kProtocol.size()) ==
         kProtocol.substr(0, std::min(kProtocol.size(), start.size()));
}

// Its method is one of those that Beast knows; of any other word it would wait
// for the end.
bool can_be_request(std::string_view start) {
  std::string_view word = start.substr(0, start.find(' '));
  bool whole = word.size() < start.size();
  for (int i = 1; i <= static_cast<int>(http::verb::unlink); ++i) {
    View known = http::to_string(static_cast<http::verb>(i));
    std::string_view method(known.data(), known.size());
    if (whole ? method == word : method.starts_with(word)) {
      return !word.empty();
    }
  }
  return false;
}

bool is_interim(int status) {
  constexpr int kSwitchingProtocols = 101;
  return status / 100 == 1 && status != kSwitchingProtocols;
}

}  // namespace

class Reply::Parser {
 public:
  Parser(bool to_head, std::size_t kept)
      : to_head_(to_head),
        kept_(kept),
        message_(std::make_unique<Message>(to_head, kept)) {}

  bool feed(std::string_view bytes) {
    rest_.append(bytes);
    while (!failed_ && !complete() && !rest_.empty()) {
      if (!step()) {
        break;
      }
      skip_interim();
    }
    return !failed_;
  }

  void end() {
    ErrorCode failed;
    if (!failed_ && message_->got_some() && !message_->is_done()) {
      message_->put_eof(failed);
    }
  }

  bool complete() const { return message_->is_done(); }
  bool overran() const { return complete() && !rest_.empty(); }
  const Message& message() const { return *message_; }
  const std::string& rest() const { return rest_; }

 private:
  // False: it needs more bytes than there are.
  bool step() {
    // Behind the first line, which is taken whole, there are only fields.
    failed_ = !begun_ && !can_be_http(rest_);
    if (failed_) {
      return false;
    }
    ErrorCode failed;
    std::size_t used =
        message_->put(boost::asio::buffer(rest_.data(), rest_.size()), failed);
    rest_.erase(0, used);
    begun_ = begun_ || used > 0;
    if (failed == http::error::need_more) {
      failed_ = rest_.size() > kLongestHead;
      return false;
    }
    failed_ = static_cast<bool>(failed);
    return used > 0;
  }

  void skip_interim() {
    if (complete() && is_interim(message_->status)) {
      message_ = std::make_unique<Message>(to_head_, kept_);
      begun_ = false;
    }
  }

  bool to_head_;
  std::size_t kept_;
  bool failed_ = false;
  bool begun_ = false;  // some of the message was taken
  std::unique_ptr<Message> message_;
  std::string rest_;
};

Reply::Reply(bool to_head, std::size_t kept)
    : parser_(std::make_unique<Parser>(to_head, kept)) {}
Reply::Reply(Reply&& other) noexcept = default;
Reply& Reply::operator=(Reply&& other) noexcept = default;
Reply::~Reply() = default;

bool Reply::feed(std::string_view bytes) { return parser_->feed(bytes); }
void Reply::end() { parser_->end(); }
bool Reply::is_http() const { return parser_->message().is_header_done(); }
bool Reply::complete() const { return parser_->complete(); }
bool Reply::overran() const { return parser_->overran(); }

bool Reply::keeps_alive() const {
  return complete() && parser_->message().keep_alive();
}

int Reply::status() const { return is_http() ? parser_->message().status : 0; }

std::string Reply::location() const {
  return is_http() ? parser_->message().location : "";
}

const std::string& Reply::beginning() const {
  return parser_->message().beginning;
}

const std::string& Reply::rest() const { return parser_->rest(); }

FoundRequest find_request(std::string_view bytes) {
  using What = FoundRequest::What;
  if (!can_be_request(bytes)) {
    return {What::foreign};
  }
  http::request_parser<http::string_body> parser;
  parser.eager(true);
  parser.header_limit(kLongestHead);
  parser.body_limit(kLongestBody);
  ErrorCode failed;
  std::size_t used =
      parser.put(boost::asio::const_buffer(bytes.data(), bytes.size()), failed);
  const auto& request = parser.get();
  bool last =
      failed == http::error::body_limit ||
      (parser.is_header_done() &&
       boost::beast::iequals(request[http::field::expect], "100-continue"));
  if (last || parser.is_done()) {
    constexpr unsigned kOld = 10;  // HTTP/1.0
    last = last || request.version() == kOld || !request.keep_alive() ||
           parser.upgrade() || request.method() == http::verb::connect;
    return {What::whole, used, last, request.method() == http::verb::head};
  }
  bool more = !failed || failed == http::error::need_more;
  return {more ? What::part : What::foreign};
}

}  // namespace faultrig
