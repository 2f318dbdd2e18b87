#pragma once

#include <memory>
#include <vector>

#include "harness/load/traffic.h"
#include "harness/load/wanted.h"
#include "harness/load/whereabouts.h"
#include "harness/model/request.h"
#include "harness/model/service.h"

namespace faultrig {

// Whose requests they are.
class CarrierUser {
 public:
  virtual ~CarrierUser() = default;
  virtual const Load& load() const = 0;
  virtual const Wanted& wanted() const = 0;
  virtual const TrafficPlace& place() const = 0;
  // A request has a connection, and is about to be sent.
  virtual void asked() = 0;
  // A request has ended; may ask for more.
  virtual void finished(const RequestRecord& record) = 0;
};

// The connections of a load and what is asked on them, in one protocol.
class Carrier {
 public:
  virtual ~Carrier() = default;
  // Asks on a connection that is there and may take more, else on a new one.
  // The record has its load, its number and its plan.
  virtual void ask(RequestRecord record) = 0;
  // Closes all; what had not ended, as it is now.
  virtual std::vector<RequestRecord> give_up() = 0;
  virtual std::vector<OpenConnection> connections() const = 0;
};

std::unique_ptr<Carrier> http_carrier(CarrierUser& user);
std::unique_ptr<Carrier> h2_carrier(CarrierUser& user);

}  // namespace faultrig
