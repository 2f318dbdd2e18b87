// OpenSSL between two memory buffers (BIO_s_mem(3)): what is read from and
// written to the socket stays ours, with each byte and each errno, and no
// library decides when. A peer that ends the connection without close_notify
// (RFC 8446, section 6.1) has cut it: whoever ended it, it was not the server.
#include "harness/load/tls_session.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <utility>

namespace faultrig {

namespace {

constexpr std::size_t kRecord = 16 << 10;  // bytes, the most of one record

struct ContextEnd {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct SessionEnd {
  void operator()(SSL* session) const { SSL_free(session); }
};

// Server Name Indication takes no addresses (RFC 6066, section 3).
std::string name_in(const std::string& host) {
  std::string name = host.substr(0, host.rfind(':'));
  std::array<unsigned char, sizeof(in6_addr)> address{};
  bool is_address = name.starts_with('[') ||
                    inet_pton(AF_INET, name.c_str(), address.data()) == 1;
  return is_address ? "" : name;
}

// As RFC 7301 has it: each behind its length.
std::string alpn_of(const std::string& protocol) {
  return static_cast<char>(protocol.size()) + protocol;
}

}  // namespace

class TlsContext::Core {
 public:
  // The machine's openssl.cnf may name modules to load, which are for its own
  // OpenSSL, and not for one that is linked statically.
  Core() {
    if (OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr) == 1) {
      context.reset(SSL_CTX_new(TLS_client_method()));
    }
    if (context != nullptr) {
      SSL_CTX_set_security_level(context.get(), 0);  // short keys are its own
      SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
    }
  }
  std::unique_ptr<SSL_CTX, ContextEnd> context;  // none: no memory
};

TlsContext::TlsContext() : core_(std::make_unique<Core>()) {}
TlsContext::~TlsContext() = default;

class TlsSession::Core {
 public:
  Core(SSL_CTX* context, const Wire& wire)
      : session_(context == nullptr ? nullptr : SSL_new(context)) {
    broken_ = session_ == nullptr;
    if (broken_) {
      return;
    }
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    BIO_set_mem_eof_return(in_, -1);  // empty is not the end
    SSL_set_bio(session_.get(), in_, out_);
    std::string name = name_in(wire.host);
    if (!name.empty()) {
      SSL_set_tlsext_host_name(session_.get(), name.c_str());
    }
    if (!wire.protocol.empty()) {
      std::string alpn = alpn_of(wire.protocol);
      SSL_set_alpn_protos(session_.get(),
                          reinterpret_cast<const unsigned char*>(alpn.data()),
                          static_cast<unsigned>(alpn.size()));
    }
    SSL_set_connect_state(session_.get());
  }

  void feed(std::string_view wire) {
    if (broken_) {
      return;
    }
    if (!wire.empty()) {
      BIO_write(in_, wire.data(), static_cast<int>(wire.size()));
    }
    if (!stands()) {
      judge(SSL_do_handshake(session_.get()));
    }
    while (stands() && read_some()) {
    }
  }

  std::string to_send() {
    std::string wire;
    if (out_ != nullptr) {
      wire.resize(BIO_ctrl_pending(out_));
      int got = wire.empty() ? 0
                             : BIO_read(out_, wire.data(),
                                        static_cast<int>(wire.size()));
      wire.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    }
    return wire;
  }

  void put(std::string_view bytes) {
    std::size_t done = 0;
    while (!broken_ && done < bytes.size()) {
      std::size_t put = 0;
      ERR_clear_error();
      int result = SSL_write_ex(session_.get(), bytes.data() + done,
                                std::min(bytes.size() - done, kRecord), &put);
      judge(result);
      if (result != 1) {
        return;
      }
      done += put;
    }
  }

  void close() {
    if (!broken_ && stands()) {
      (void)SSL_shutdown(session_.get());  // what it gives, we do not wait for
    }
  }

  bool stands() const {
    return session_ != nullptr && SSL_is_init_finished(session_.get()) == 1;
  }
  bool is_over() const { return over_; }
  bool is_broken() const { return broken_; }

  std::string protocol() const {
    const unsigned char* text = nullptr;
    unsigned size = 0;
    if (session_ != nullptr) {
      SSL_get0_alpn_selected(session_.get(), &text, &size);
    }
    return {reinterpret_cast<const char*>(text), size};
  }

  std::string plain;

 private:
  bool read_some() {
    std::array<char, kRecord> buffer{};
    std::size_t got = 0;
    ERR_clear_error();
    int result = SSL_read_ex(session_.get(), buffer.data(), kRecord, &got);
    judge(result);
    plain.append(buffer.data(), got);
    return result == 1;
  }

  // Of what a call of OpenSSL gave.
  void judge(int result) {
    if (result == 1) {
      return;
    }
    int why = SSL_get_error(session_.get(), result);
    over_ = over_ || why == SSL_ERROR_ZERO_RETURN;
    broken_ =
        broken_ || (why != SSL_ERROR_ZERO_RETURN &&
                    why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE);
    ERR_clear_error();
  }

  std::unique_ptr<SSL, SessionEnd> session_;
  BIO* in_ = nullptr;   // the session's
  BIO* out_ = nullptr;  // the session's
  bool over_ = false;
  bool broken_ = false;
};

TlsSession::TlsSession(TlsContext& context, const Wire& wire)
    : core_(std::make_unique<Core>(context.core_->context.get(), wire)) {}
TlsSession::TlsSession(TlsSession&&) noexcept = default;
TlsSession::~TlsSession() = default;

void TlsSession::feed(std::string_view wire) { core_->feed(wire); }
std::string TlsSession::to_send() { return core_->to_send(); }

std::string TlsSession::received() {
  return std::exchange(core_->plain, std::string());
}

void TlsSession::put(std::string_view bytes) { core_->put(bytes); }
void TlsSession::close() { core_->close(); }
bool TlsSession::stands() const { return core_->stands(); }
bool TlsSession::is_over() const { return core_->is_over(); }
bool TlsSession::is_broken() const { return core_->is_broken(); }
std::string TlsSession::protocol() const { return core_->protocol(); }

}  // namespace faultrig
