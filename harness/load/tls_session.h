#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace faultrig {

// What is spoken below HTTP on a connection.
struct Wire {
  bool tls = false;
  std::string host;      // what we call the server; an address is no name of it
  std::string protocol;  // to agree on by ALPN (RFC 7301): `h2`; empty: none
};

// What all sessions of a process share.
class TlsContext {
 public:
  TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;
  ~TlsContext();

  class Core;

 private:
  friend class TlsSession;
  std::unique_ptr<Core> core_;
};

// The client's side of one connection over TLS, without a socket: bytes of the
// wire on one side, those of the program on the other. Whose certificate it is
// is not asked: a server under test has what it has.
class TlsSession {
 public:
  TlsSession(TlsContext& context, const Wire& wire);
  TlsSession(TlsSession&&) noexcept;
  TlsSession& operator=(TlsSession&&) = delete;
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;
  ~TlsSession();

  // What has come over the wire; at first nothing, which begins the handshake.
  void feed(std::string_view wire);
  // What is to go over the wire now.
  std::string to_send();
  // What has come for the program since the last time.
  std::string received();
  // Only when it stands.
  void put(std::string_view bytes);
  // Says that nothing more follows.
  void close();

  bool stands() const;           // the handshake is over
  bool is_over() const;          // the peer has said that nothing more follows
  bool is_broken() const;        // it is no TLS, or none that we can speak
  std::string protocol() const;  // that was agreed on; empty: none

  class Core;

 private:
  std::unique_ptr<Core> core_;
};

}  // namespace faultrig
