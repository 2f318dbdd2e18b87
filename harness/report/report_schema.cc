// Written by hand, since it is a promise to readers of reports and not a copy
// of what writes them; a test holds every report against it. It grows with the
// keys; `format` grows when a key goes or means something else.
#include "harness/report/report_schema.h"

namespace faultrig {

namespace {

constexpr std::string_view kSchema = R"({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "title": "A report of faultrig run or faultrig judge",
  "type": "object",
  "required": ["faultrig", "format", "seed", "took_ns", "totals", "scenarios"],
  "additionalProperties": false,
  "properties": {
    "faultrig": {"type": "string", "description": "version that wrote this"},
    "format": {"const": 1},
    "seed": {"type": "integer", "minimum": 0},
    "started": {"type": "string", "description": "RFC 3339, in UTC"},
    "host": {"type": "string"},
    "shard": {"$ref": "#/definitions/shard"},
    "chosen": {
      "type": "array", "items": {"type": "string"},
      "description": "how --changed-since or --rerun chose fewer than all"
    },
    "took_ns": {"type": "integer", "minimum": 0},
    "cut_short": {
      "type": "string",
      "description": "why not all was run; absent: all that should have been"
    },
    "totals": {"$ref": "#/definitions/totals"},
    "scenarios": {"type": "array", "items": {"$ref": "#/definitions/scenario"}},
    "tally": {"type": "array", "items": {"$ref": "#/definitions/tally"}}
  },
  "definitions": {
    "count": {"type": "integer", "minimum": 0},
    "verdict": {"enum": ["pass", "fail", "inconclusive", "error", "skipped"]},
    "totals": {
      "type": "object",
      "description": "how many came to each verdict, and all of them",
      "required": ["all", "pass", "fail", "inconclusive", "error", "skipped",
                   "not_run", "excused"],
      "additionalProperties": false,
      "properties": {
        "all": {"$ref": "#/definitions/count"},
        "pass": {"$ref": "#/definitions/count"},
        "fail": {"$ref": "#/definitions/count"},
        "inconclusive": {"$ref": "#/definitions/count"},
        "error": {"$ref": "#/definitions/count"},
        "skipped": {"$ref": "#/definitions/count"},
        "not_run": {"$ref": "#/definitions/count"},
        "excused": {"$ref": "#/definitions/count"}
      }
    },
    "shard": {
      "type": "object",
      "description": "which part of a run that is spread over machines",
      "required": ["index", "of", "scenarios", "set"],
      "additionalProperties": false,
      "properties": {
        "index": {"type": "integer", "minimum": 1},
        "of": {"type": "integer", "minimum": 1},
        "scenarios": {"type": "integer", "minimum": 0,
                      "description": "of all parts"},
        "set": {"type": "string", "description": "the same for all parts"}
      }
    },
    "scenario": {
      "type": "object",
      "required": ["name", "file", "verdict", "took_ns", "observed", "faults",
                   "ends", "findings"],
      "additionalProperties": false,
      "properties": {
        "name": {"type": "string"},
        "file": {"type": "string"},
        "verdict": {
          "enum": ["pass", "fail", "inconclusive", "error", "skipped",
                   "not_run"]
        },
        "took_ns": {"type": "integer", "minimum": 0},
        "observed": {
          "type": "string",
          "description": "how each link of the chain ended, on one line"
        },
        "asked": {"const": false, "description": "it expects nothing"},
        "repeat": {"type": "integer", "minimum": 1},
        "started_ns": {"type": "integer", "minimum": 1,
                       "description": "since 1970; absent: not run now"},
        "evidence": {"type": "string", "description": "the folder it is in"},
        "not_run": {"type": "string", "description": "why it was not run"},
        "excused": {"type": "string", "description": "why it is not red"},
        "stdout": {
          "type": "string",
          "description": "the end of what the workload printed; not of a pass"
        },
        "stderr": {"type": "string"},
        "faults": {"type": "array", "items": {"$ref": "#/definitions/fault"}},
        "ends": {"type": "array", "items": {"$ref": "#/definitions/end"}},
        "hanging": {
          "type": "array",
          "description": "of what hung: some of its goroutines",
          "items": {"$ref": "#/definitions/hang"}
        },
        "findings": {
          "type": "array",
          "description": "all of a pass; else those that decided, first",
          "items": {"$ref": "#/definitions/finding"}
        }
      }
    },
    "fault": {
      "type": "object",
      "required": ["name", "took_effect"],
      "additionalProperties": false,
      "properties": {
        "name": {"type": "string"},
        "took_effect": {"type": "integer", "minimum": 0,
                        "description": "how often"}
      }
    },
    "end": {
      "type": "object",
      "required": ["link", "how"],
      "additionalProperties": false,
      "properties": {
        "link": {"type": "string", "description": "test, go, command, ..."},
        "program": {"type": "string"},
        "how": {
          "enum": ["exited", "killed", "never_started", "hung", "stopped"]
        },
        "status": {"type": "string", "description": "exited 2"},
        "stopped_by_us": {"type": "string", "description": "a signal"}
      }
    },
    "hang": {
      "type": "object",
      "description": "goroutines that stood at one place when it hung",
      "required": ["link", "count", "state"],
      "additionalProperties": false,
      "properties": {
        "link": {"type": "string", "description": "test, command, service"},
        "count": {"type": "integer", "minimum": 1},
        "state": {"type": "string", "description": "sync.Mutex.Lock"},
        "where": {"type": "string",
                  "description": "the program's functions, innermost first"}
      }
    },
    "finding": {
      "type": "object",
      "required": ["verdict", "because"],
      "additionalProperties": false,
      "properties": {
        "verdict": {"$ref": "#/definitions/verdict"},
        "because": {"type": "string"},
        "expected": {"type": "string"},
        "cites": {
          "type": "array",
          "description": "numbers of observations in evidence.jsonl",
          "items": {"type": "integer", "minimum": 0}
        },
        "line": {
          "type": "integer", "minimum": 1,
          "description": "in the scenario, of the expectation or the fault"
        },
        "column": {"type": "integer", "minimum": 1}
      }
    },
    "tally": {
      "type": "object",
      "required": ["name", "of", "ends", "flaky"],
      "additionalProperties": false,
      "properties": {
        "name": {"type": "string"},
        "of": {"type": "integer", "minimum": 2},
        "ends": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["times", "observed", "verdict", "first"],
            "additionalProperties": false,
            "properties": {
              "times": {"type": "integer", "minimum": 1},
              "observed": {"type": "string"},
              "verdict": {"$ref": "#/definitions/verdict"},
              "first": {"type": "integer", "minimum": 1,
                        "description": "the repeat that first ended so"},
              "evidence": {"type": "string", "description": "of that one"}
            }
          }
        },
        "flaky": {"enum": [true, false],
                  "description": "some of them passed and some did not"},
        "differs_first": {
          "type": "string",
          "description": "an observation that a pass has and the rest has not"
        }
      }
    }
  }
}
)";

}  // namespace

std::string_view report_schema() { return kSchema; }

}  // namespace faultrig
