// A sweep as its map: a row for each phase or call site, a cell for each point.
// Colour is never alone: a cell has a sign, its outcome is in its name.

const data = JSON.parse(document.getElementById("data").textContent);
const isShutdown = Boolean(data.service);

// Outcomes of call sites that are findings, and that say nothing either way.
const BAD_SITES = new Set(["swallowed", "failed", "crashed", "exited", "hung",
  "lost", "leaked"]);
const UNCLEAR = new Set(["never", "unknown", "untold", "flaky", "not tried"]);

const SIGNS = { good: "✓", bad: "✗", mixed: "±", unclear: "?" };
const MEANINGS = {
  good: "no finding", bad: "a finding", mixed: "not the same each time",
  unclear: "says nothing",
};

// The outcomes of which a finding of that kind speaks.
const SPOKEN_OF = {
  unhandled: (outcome) => outcome === "killed unhandled" ||
    outcome === "killed by its own hand without a shutdown",
  killed: (outcome) => outcome.startsWith("killed by SIG"),
  hung: (outcome) => outcome === "hung",
  lost: (outcome, point) => point.requests.lost > 0,
  misanswered: (outcome, point) => point.requests.misanswered > 0,
  left: (outcome, point) => point.left.length > 0,
  left_file: (outcome, point) => point.left.length > 0,
};

// An instant is bad where a finding of its phase speaks of what was seen there.
function isBad(outcome, point) {
  if (!isShutdown) return BAD_SITES.has(outcome) && !point.allowed;
  return data.findings.some((finding) =>
    (finding.kind === "left_file" || finding.phase === point.phase) &&
    (SPOKEN_OF[finding.kind] || ((seen) => seen === finding.outcome))(outcome,
      point));
}

// The outcomes of a point with how often each was seen.
function outcomesOf(point) {
  return Object.entries((isShutdown ? point.outcomes : point.times) || {});
}

function kindOf(point) {
  const outcomes = outcomesOf(point);
  const bad = outcomes.filter(([outcome]) => isBad(outcome, point)).length;
  const clear = outcomes.filter(([outcome]) => !UNCLEAR.has(outcome)).length;
  if (bad > 0 && bad === outcomes.length) return "bad";
  if (bad > 0 || clear > 1) return "mixed";
  return clear > 0 ? "good" : "unclear";
}

function pointName(point) {
  if (isShutdown) return point.instant;
  if (point.when) {
    const first = point.each === "once" ? "the first connection, " : "";
    return `${point.fault}, ${first}${point.when}`;
  }
  return `${point.call} ${point.error}, ${point.each.replaceAll("_", " ")}`;
}

function wordsOf(point) {
  return outcomesOf(point).map(([outcome, k]) => `${outcome} ${k}`).join(", ") ||
    "not seen";
}

function frameWords(frame) {
  return `${frame.function} (${frame.file}:${frame.line})`;
}

function rowName(point) {
  if (isShutdown) return point.phase;
  if (point.when) return point.site;
  const frame = (point.in || [])[0];
  return frame ? `${frame.function.split("/").pop()} (${frame.file.split("/").pop()}:${frame.line})`
    : "site " + point.site;
}

function shownPoint(point) {
  const list = element("dl", { class: "finding" });
  const add = (name, text) => {
    if (text) list.append(element("dt", {}, name), element("dd", {}, text));
  };
  add("outcome", wordsOf(point));
  add("because", point.because);
  if (isShutdown) {
    add("call", point.call && `${point.call} number ${point.nth} ${point.path}`);
    add("requests", Object.entries(point.requests || {})
      .filter(([, count]) => typeof count === "number" && count > 0)
      .map(([word, count]) => `${count} ${word.replaceAll("_", " ")}`).join(", "));
    add("left", (point.left || []).join("\n"));
    add("untold", (point.untold || []).join("\n"));
  } else {
    add(point.when ? "to" : "site", point.site);
    for (const frame of point.in || []) add("in", frameWords(frame));
    add("tests", (point.tests || []).join(", "));
    add("allowed", point.allowed);
  }
  add("scenario", point.scenario && "faultrig run " + quoted(point.scenario));
  return list;
}

function choosePoint(cell, point) {
  document.querySelectorAll(".map .cell").forEach((other) =>
    other.setAttribute("aria-pressed", String(other === cell)));
  document.getElementById("chosen").replaceChildren(
    element("h2", {}, `${rowName(point)}: ${pointName(point)}`),
    shownPoint(point));
}

function cellOf(point) {
  const kind = kindOf(point);
  const cell = element("button", { type: "button", class: "cell " + kind,
    "aria-pressed": "false", title: `${pointName(point)}: ${wordsOf(point)}`,
    "aria-label": `${pointName(point)}: ${wordsOf(point)}` }, SIGNS[kind]);
  cell.addEventListener("click", () => choosePoint(cell, point));
  return cell;
}

function mapTable() {
  const rows = new Map();
  for (const point of data.points) {
    const key = isShutdown ? point.phase : `${point.of} ${point.site}`;
    rows.set(key, [...(rows.get(key) || []), point]);
  }
  return element("table", { class: "map" }, element("tbody", {},
    ...[...rows.values()].map((points) => element("tr", {},
      element("th", { scope: "row" }, rowName(points[0])),
      element("td", {}, ...points.map(cellOf))))));
}

function findingTexts() {
  if (isShutdown) {
    return data.findings.map((one) =>
      `${one.phase}: ${one.what}, ${one.where}, ${one.k} of ${one.n}`);
  }
  return data.points.filter((point) => BAD_SITES.has(point.outcome))
    .map((point) => `${point.outcome}: ${rowName(point)} ${pointName(point)}: ` +
      point.because + (point.allowed ? ` (allowed: ${point.allowed})` : ""));
}

function showMap() {
  const title = isShutdown ? "Shutdown map of " + data.service.join(" ")
    : "Call sites of " + (data.of || "the program");
  document.getElementById("title").textContent = title;
  document.title = title;
  document.getElementById("summary").textContent =
    `${data.verdict}: ${data.because}. ${data.points.length} points in ${elapsed(data.took_ns)}, faultrig ${data.faultrig || ""}`;
  for (const [kind, meaning] of Object.entries(MEANINGS)) {
    document.getElementById("legend").append(element("li", {},
      element("span", { class: "word cell " + kind }, SIGNS[kind]), " " + meaning));
  }
  document.getElementById("map").append(mapTable());
  const findings = findingTexts();
  document.getElementById("findings").append(
    element("h2", {}, findings.length === 0 ? "No findings" : "Findings"),
    element("ul", {}, ...findings.map((text) => element("li", {}, text))));
}

showMap();
