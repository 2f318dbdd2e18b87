#include "harness/web/gate.h"

#include <algorithm>
#include <array>

#include "harness/base/whole_number.h"

namespace faultrig {

namespace {

struct Door {
  std::string_view method;
  std::string_view path;
  Gate::Room room;
};

constexpr std::array<Door, 7> kDoors{{
    {"GET", "", Gate::Room::page},
    {"GET", "page.css", Gate::Room::style},
    {"GET", "page.js", Gate::Room::script},
    {"GET", "lessons", Gate::Room::lessons},
    {"GET", "events", Gate::Room::events},
    {"POST", "run/", Gate::Room::run},
    {"POST", "end", Gate::Room::end},
}};

constexpr std::size_t kMostDigits = 4;

Gate::Pass no(int status, std::string why) {
  Gate::Pass out;
  out.status = status;
  out.why = std::move(why);
  return out;
}

// The number behind `run/`, from 1; 0: none.
std::size_t number_in(std::string_view text) {
  return text.size() <= kMostDigits
             ? whole_number<std::size_t>(text).value_or(0)
             : 0;
}

bool leads_to(const Door& door, std::string_view path) {
  return door.room == Gate::Room::run
             ? path.starts_with(door.path) &&
                   number_in(path.substr(door.path.size())) > 0
             : path == door.path;
}

// `path` is what follows the token.
Gate::Pass door_for(std::string_view method, std::string_view path) {
  const auto* found =
      std::find_if(kDoors.begin(), kDoors.end(),
                   [&](const Door& door) { return leads_to(door, path); });
  if (found == kDoors.end()) {
    return no(404, "there is nothing here");
  }
  if (found->method != method) {
    return no(405, "this is asked for with " + std::string(found->method));
  }
  Gate::Pass out;
  out.room = found->room;
  if (out.room == Gate::Room::run) {
    out.number = number_in(path.substr(found->path.size()));
  }
  return out;
}

}  // namespace

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) {
    return false;
  }
  volatile unsigned char differs = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    differs = static_cast<unsigned char>(
        differs |
        (static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i])));
  }
  return differs == 0;
}

bool Gate::is_our_host(std::string_view host) const {
  std::string port = ":" + std::to_string(port_);
  return host == "127.0.0.1" + port || host == "localhost" + port;
}

Gate::Pass Gate::look_at(const WebRequest& request) const {
  if (request.hosts.size() != 1) {
    return no(400, "one Host field is wanted");
  }
  if (!is_our_host(request.hosts.front())) {
    return no(403, "this host is not served");
  }
  for (const std::string& origin : request.origins) {
    if (origin != "http://" + request.hosts.front()) {
      return no(403, "another site may not ask");
    }
  }
  std::string_view path = request.target;
  std::size_t size = token_.size() + 2;
  if (!equal_in_constant_time(path.substr(0, size), "/" + token_ + "/")) {
    return no(403, "the token is missing, or another one");
  }
  return door_for(request.method, path.substr(size));
}

std::string Gate::url() const {
  return "http://127.0.0.1:" + std::to_string(port_) + "/" + token_ + "/";
}

void add_guards(WebAnswer& answer) {
  answer.fields.insert(
      answer.fields.end(),
      {{"Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src "
        "'self'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"},
       {"X-Content-Type-Options", "nosniff"},
       {"X-Frame-Options", "DENY"},
       {"Cache-Control", "no-store"},
       {"Referrer-Policy", "no-referrer"},
       {"Cross-Origin-Resource-Policy", "same-origin"},
       {"Cross-Origin-Opener-Policy", "same-origin"}});
}

}  // namespace faultrig
