// nghttp2 with no input or output of its own (nghttp2_session_mem_recv(3),
// nghttp2_session_mem_send(3)): it keeps the state of RFC 9113, and we the
// bytes. A GOAWAY closes by itself the streams above its last number, as ones
// that were refused: the server has said that it has not begun on them (6.8).
#include "harness/load/h2_session.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <map>
#include <utility>

namespace faultrig {

namespace {

constexpr std::uint32_t kWindow = 16 << 20;  // bytes of answers on their way

std::string_view view(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

nghttp2_nv pair_of(std::string_view name, std::string_view value) {
  auto bytes = [](std::string_view text) {
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
  };
  return {bytes(name), bytes(value), name.size(), value.size(),
          NGHTTP2_NV_FLAG_NONE};
}

bool ends_stream(const nghttp2_frame& frame) {
  bool may = frame.hd.type == NGHTTP2_DATA || frame.hd.type == NGHTTP2_HEADERS;
  return may && (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
}

struct SessionEnd {
  void operator()(nghttp2_session* session) const {
    nghttp2_session_del(session);
  }
};

}  // namespace

class H2Session::Core {
 public:
  explicit Core(H2SessionUser& user) : user_(user) {
    nghttp2_session_callbacks* calls = nullptr;
    nghttp2_session_callbacks_new(&calls);
    set(calls);
    nghttp2_session* session = nullptr;
    nghttp2_session_client_new(&session, calls, this);
    nghttp2_session_callbacks_del(calls);
    session_.reset(session);
    const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kWindow}};
    nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings, 2);
    nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0,
                                          kWindow);
  }

  int ask(H2Request request) {
    std::vector<nghttp2_nv> head = {pair_of(":method", request.method),
                                    pair_of(":scheme", request.scheme),
                                    pair_of(":authority", request.authority),
                                    pair_of(":path", request.path)};
    for (const auto& [name, value] : request.fields) {
      head.push_back(pair_of(name, value));
    }
    nghttp2_data_provider body{};
    body.source.ptr = this;
    body.read_callback = [](nghttp2_session*, std::int32_t at,
                            std::uint8_t* room, std::size_t most,
                            std::uint32_t* flags, nghttp2_data_source* source,
                            void*) {
      return static_cast<Core*>(source->ptr)->give(at, room, most, *flags);
    };
    int stream = nghttp2_submit_request(
        session_.get(), nullptr, head.data(), head.size(),
        request.pieces.empty() ? nullptr : &body, nullptr);
    if (stream < 0) {
      return -1;
    }
    if (!request.pieces.empty()) {
      bodies_[stream] = {std::move(request.pieces), 0};
    }
    return stream;
  }

  void go_on(int stream) {
    auto found = bodies_.find(stream);
    if (found != bodies_.end()) {
      found->second.pieces.pop_front();
      found->second.done = 0;
      nghttp2_session_resume_data(session_.get(), stream);
    }
  }

  bool feed(std::string_view bytes) {
    return nghttp2_session_mem_recv(
               session_.get(),
               reinterpret_cast<const std::uint8_t*>(bytes.data()),
               bytes.size()) >= 0;
  }

  H2Bytes to_send() {
    const std::uint8_t* bytes = nullptr;
    for (;;) {
      auto size = nghttp2_session_mem_send(session_.get(), &bytes);
      if (size <= 0) {
        return std::exchange(out_, {});
      }
      out_.bytes.append(view(bytes, static_cast<std::size_t>(size)));
      for (int stream : std::exchange(ended_, {})) {
        out_.ended[stream] = out_.bytes.size();
      }
    }
  }

  bool may_ask() const {
    return goaway_.empty() &&
           nghttp2_session_check_request_allowed(session_.get()) == 1;
  }
  bool is_over() const {
    return nghttp2_session_want_read(session_.get()) == 0 &&
           nghttp2_session_want_write(session_.get()) == 0;
  }
  bool spoke() const { return spoke_; }
  const std::string& goaway() const { return goaway_; }

 private:
  struct Body {
    std::deque<std::string> pieces;
    std::size_t done = 0;  // of the first
  };

  static Core& of(void* user) { return *static_cast<Core*>(user); }

  static void set(nghttp2_session_callbacks* calls) {
    nghttp2_session_callbacks_set_on_header_callback(
        calls, [](nghttp2_session*, const nghttp2_frame* frame,
                  const std::uint8_t* name, std::size_t name_size,
                  const std::uint8_t* value, std::size_t value_size,
                  std::uint8_t, void* user) {
          of(user).user_.field_came(frame->hd.stream_id, view(name, name_size),
                                    view(value, value_size));
          return 0;
        });
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
        calls, [](nghttp2_session*, std::uint8_t, std::int32_t stream,
                  const std::uint8_t* bytes, std::size_t size, void* user) {
          of(user).user_.body_came(stream, view(bytes, size));
          return 0;
        });
    nghttp2_session_callbacks_set_on_frame_recv_callback(
        calls, [](nghttp2_session*, const nghttp2_frame* frame, void* user) {
          of(user).take(*frame);
          return 0;
        });
    // Both are called before the bytes of the frame are given to us.
    nghttp2_session_callbacks_set_before_frame_send_callback(
        calls, [](nghttp2_session*, const nghttp2_frame* frame, void* user) {
          if (frame->hd.type == NGHTTP2_HEADERS) {
            Core& core = of(user);
            core.out_.begun[frame->hd.stream_id] = core.out_.bytes.size();
          }
          return 0;
        });
    nghttp2_session_callbacks_set_on_frame_send_callback(
        calls, [](nghttp2_session*, const nghttp2_frame* frame, void* user) {
          if (ends_stream(*frame)) {
            of(user).ended_.push_back(frame->hd.stream_id);
          }
          return 0;
        });
    nghttp2_session_callbacks_set_on_stream_close_callback(
        calls, [](nghttp2_session*, std::int32_t stream, std::uint32_t code,
                  void* user) {
          of(user).bodies_.erase(stream);
          of(user).user_.stream_closed(stream, code);
          return 0;
        });
  }

  void take(const nghttp2_frame& frame) {
    spoke_ = true;
    if (ends_stream(frame)) {
      user_.answer_ended(frame.hd.stream_id);
    }
    if (frame.hd.type == NGHTTP2_GOAWAY) {
      goaway_ = "GOAWAY " + h2_error_name(frame.goaway.error_code);
    }
  }

  ssize_t give(int stream, std::uint8_t* room, std::size_t most,
               std::uint32_t& flags) {
    Body& body = bodies_[stream];
    const std::string& piece = body.pieces.front();
    std::size_t now = std::min(most, piece.size() - body.done);
    if (now == 0 && body.pieces.size() > 1) {
      user_.piece_given(stream);
      return NGHTTP2_ERR_DEFERRED;
    }
    std::copy_n(piece.data() + body.done, now, room);
    body.done += now;
    if (body.done == piece.size() && body.pieces.size() == 1) {
      flags |= NGHTTP2_DATA_FLAG_EOF;
    }
    return static_cast<ssize_t>(now);
  }

  H2SessionUser& user_;
  std::unique_ptr<nghttp2_session, SessionEnd> session_;
  std::map<int, Body> bodies_;  // that are not given whole
  H2Bytes out_;                 // of what to_send() gives
  std::vector<int> ended_;      // whose last byte is the next to be given
  std::string goaway_;
  bool spoke_ = false;
};

H2Session::H2Session(H2SessionUser& user)
    : core_(std::make_unique<Core>(user)) {}
H2Session::~H2Session() = default;

int H2Session::ask(H2Request request) { return core_->ask(std::move(request)); }
void H2Session::go_on(int stream) { core_->go_on(stream); }
bool H2Session::feed(std::string_view bytes) { return core_->feed(bytes); }
H2Bytes H2Session::to_send() { return core_->to_send(); }
bool H2Session::may_ask() const { return core_->may_ask(); }
bool H2Session::is_over() const { return core_->is_over(); }
bool H2Session::spoke() const { return core_->spoke(); }
std::string H2Session::goaway() const { return core_->goaway(); }

std::string h2_error_name(std::uint32_t code) {
  return nghttp2_http2_strerror(code);
}

bool is_refused_stream(std::uint32_t code) {
  return code == NGHTTP2_REFUSED_STREAM;
}

}  // namespace faultrig
