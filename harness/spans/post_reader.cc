// Beast's parser (basic_parser) takes bytes as they come and calls back, of a
// body in chunks what is in them. It is told to be eager, so that it goes from
// the head into the body by itself. Its assertions are off here, since 1.81
// asserts of chunks that come in pieces what does not hold, and would end us
// (harness/load/http_messages.cc).
#define BOOST_DISABLE_ASSERTS

#include "harness/spans/post_reader.h"

#include <algorithm>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

namespace faultrig {

namespace {

namespace http = boost::beast::http;
using ErrorCode = boost::beast::error_code;
using View = boost::beast::string_view;

constexpr std::uint32_t kLongestHead = 16 << 10;
constexpr std::string_view kHttp2 = "PRI * HTTP/2.0\r\n";

// One request.
class Message : public http::basic_parser<true> {
 public:
  Message() {
    eager(true);
    header_limit(kLongestHead);
    body_limit(kLargestSpans);
  }

  Post post;
  bool waits = false;

 private:
  void on_request_impl(http::verb /*method*/, View text, View target,
                       int /*version*/, ErrorCode& /*failed*/) override {
    post.method.assign(text.data(), text.size());
    post.target.assign(target.data(), target.size());
  }
  void on_response_impl(int /*code*/, View /*reason*/, int /*version*/,
                        ErrorCode& /*failed*/) override {}
  void on_field_impl(http::field name, View /*text*/, View value,
                     ErrorCode& /*failed*/) override {
    if (name == http::field::content_type) {
      post.type.assign(value.data(), value.size());
    } else if (name == http::field::content_encoding) {
      post.encoding.assign(value.data(), value.size());
    } else if (name == http::field::expect) {
      waits = boost::beast::iequals(value, "100-continue");
    }
  }
  void on_header_impl(ErrorCode& /*failed*/) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/,
                         ErrorCode& /*failed*/) override {}
  std::size_t on_body_impl(View body, ErrorCode& /*failed*/) override {
    post.body.append(body.data(), body.size());
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t /*size*/, View /*extensions*/,
                            ErrorCode& /*failed*/) override {}
  // Beast counts no body in chunks against its limit before it has come.
  std::size_t on_chunk_body_impl(std::uint64_t /*left*/, View body,
                                 ErrorCode& failed) override {
    if (post.body.size() + body.size() > kLargestSpans) {
      failed = http::error::body_limit;
      return 0;
    }
    return on_body_impl(body, failed);
  }
  void on_finish_impl(ErrorCode& /*failed*/) override {}
};

int status_of(const ErrorCode& failed) {
  constexpr int kBadRequest = 400;
  constexpr int kTooLarge = 413;
  constexpr int kHeadTooLarge = 431;
  return failed == http::error::body_limit     ? kTooLarge
         : failed == http::error::header_limit ? kHeadTooLarge
                                               : kBadRequest;
}

}  // namespace

class PostReader::Parser {
 public:
  bool feed(std::string_view bytes) {
    rest_.append(bytes);
    while (status_ == 0 && !message_->is_done() && !rest_.empty()) {
      if (!step()) {
        break;
      }
    }
    return status_ == 0;
  }

  bool is_whole() const { return status_ == 0 && message_->is_done(); }

  Post take() {
    Post out = std::move(message_->post);
    out.keeps_alive = message_->keep_alive();
    message_ = std::make_unique<Message>();
    return out;
  }

  bool is_idle() const { return !message_->got_some() && rest_.empty(); }

  bool waits_for_leave() {
    return message_->is_header_done() && !message_->is_done() &&
           std::exchange(message_->waits, false);
  }

  int status() const { return status_; }

 private:
  // False: it needs more bytes than there are.
  bool step() {
    if (!message_->got_some() &&
        rest_.substr(0, kHttp2.size()) == kHttp2.substr(0, rest_.size())) {
      constexpr int kOtherVersion = 505;
      status_ = rest_.size() >= kHttp2.size() ? kOtherVersion : 0;
      return false;
    }
    ErrorCode failed;
    std::size_t used =
        message_->put(boost::asio::buffer(rest_.data(), rest_.size()), failed);
    rest_.erase(0, used);
    if (failed == http::error::need_more) {
      status_ = rest_.size() > kLongestHead
                    ? status_of(http::error::header_limit)
                    : 0;
      return false;
    }
    status_ = failed ? status_of(failed) : 0;
    return used > 0;
  }

  int status_ = 0;
  std::unique_ptr<Message> message_ = std::make_unique<Message>();
  std::string rest_;
};

PostReader::PostReader() : parser_(std::make_unique<Parser>()) {}
PostReader::~PostReader() = default;
bool PostReader::feed(std::string_view bytes) { return parser_->feed(bytes); }
bool PostReader::is_whole() const { return parser_->is_whole(); }
Post PostReader::take() { return parser_->take(); }
bool PostReader::is_idle() const { return parser_->is_idle(); }
bool PostReader::waits_for_leave() { return parser_->waits_for_leave(); }
int PostReader::status() const { return parser_->status(); }

}  // namespace faultrig
