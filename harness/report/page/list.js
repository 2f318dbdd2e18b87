// The overview: all scenarios, filters, and what changed since another report.

const report = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const hiddenVerdicts = new Set();
let older = null;

function nameOf(one) {
  return one.repeat ? `${one.name} #${one.repeat}` : one.name;
}

// Of one that was not run the verdict is `skipped`, but nothing was found out;
// one that is excused is not red, whatever it came to.
function verdictOf(one) {
  return one.not_run ? "not_run" : one.excused ? "excused" : one.verdict;
}

// The first finding that is as bad as the whole says why.
function reasonOf(one) {
  if (one.not_run) return one.not_run;
  const decided = one.findings.find((finding) =>
    finding.verdict === one.verdict && finding.because);
  const because = one.verdict === "pass" || !decided ? "" : decided.because;
  return one.excused ? `${one.excused}: ${because}` : because;
}

function changeOf(one) {
  if (!older) return "";
  const before = older.get(nameOf(one));
  if (before === undefined) return "new";
  return before === verdictOf(one) ? "" : "was " + before.replace("_", " ");
}

const longest = Math.max(1, ...report.scenarios.map((one) => one.took_ns));
const entries = report.scenarios.map((one, index) => entryOf(one, index));

function entryOf(one, index) {
  const id = "s" + index;
  const was = element("span", { class: "was" });
  const node = element("details", { class: "one", id },
    element("summary", {}, verdictWord(verdictOf(one)),
      element("span", { class: "name" }, nameOf(one), " ", was,
        element("span", { class: "why" }, reasonOf(one))),
      element("span", { class: "took" }, elapsed(one.took_ns)),
      element("span", { class: "bar", "aria-hidden": "true" },
        element("i", { style: `width:${one.took_ns / longest * 100}%` }))));
  node.addEventListener("toggle", () => {
    if (node.open && node.childElementCount === 1) {
      node.append(detailNode(one, id));
    }
  });
  const text = (nameOf(one) + "\n" + one.file + "\n" + reasonOf(one))
    .toLowerCase();
  return { one, node, was, text, index };
}

function isShown(entry) {
  const tag = byId("tag").value;
  const tags = entry.one.details ? entry.one.details.tags : [];
  return !hiddenVerdicts.has(verdictOf(entry.one)) &&
    (tag === "" || tags.includes(tag)) &&
    (!byId("changed").checked || changeOf(entry.one) !== "") &&
    entry.text.includes(byId("text").value.toLowerCase());
}

function filter() {
  let count = 0;
  for (const entry of entries) {
    entry.node.hidden = !isShown(entry);
    count += entry.node.hidden ? 0 : 1;
  }
  byId("shown").textContent = `${count} of ${entries.length} shown`;
}

function arrange() {
  const rank = (entry) => VERDICTS.indexOf(verdictOf(entry.one));
  const orders = {
    bad: (a, b) => rank(a) - rank(b) || a.index - b.index,
    given: (a, b) => a.index - b.index,
    slow: (a, b) => b.one.took_ns - a.one.took_ns,
  };
  byId("list").replaceChildren(
    ...[...entries].sort(orders[byId("order").value]).map((entry) => entry.node));
}

function verdictButton(verdict, count) {
  const button = element("button", { type: "button", "aria-pressed": "true" },
    verdictWord(verdict), ` ${count}`);
  button.addEventListener("click", () => {
    const hide = !hiddenVerdicts.delete(verdict);
    if (hide) hiddenVerdicts.add(verdict);
    button.setAttribute("aria-pressed", String(!hide));
    filter();
  });
  return button;
}

function addFilters() {
  for (const verdict of VERDICTS) {
    const count = entries.filter((entry) => verdictOf(entry.one) === verdict).length;
    if (count > 0) byId("verdicts").append(verdictButton(verdict, count));
  }
  const tags = new Set(entries.flatMap((entry) =>
    entry.one.details ? entry.one.details.tags : []));
  for (const tag of [...tags].sort()) {
    byId("tag").append(element("option", { value: tag }, tag));
  }
  byId("text").addEventListener("input", filter);
  byId("tag").addEventListener("change", filter);
  byId("changed").addEventListener("change", filter);
  byId("order").addEventListener("change", arrange);
  byId("older").addEventListener("change", compare);
}

async function compare() {
  const file = byId("older").files[0];
  if (!file) return;
  try {
    const read = JSON.parse(await file.text());
    older = new Map(read.scenarios.map((one) => [nameOf(one), verdictOf(one)]));
  } catch (wrong) {
    byId("shown").textContent = "this is no json report of faultrig";
    return;
  }
  for (const entry of entries) {
    entry.was.textContent = changeOf(entry.one);
  }
  const here = new Set(entries.map((entry) => nameOf(entry.one)));
  const gone = [...older.keys()].filter((name) => !here.has(name));
  byId("gone").replaceChildren(...(gone.length === 0 ? [] :
    [element("p", { class: "was" }, `no longer there: ${gone.join(", ")}`)]));
  byId("changed-label").hidden = false;
  filter();
}

// `#s12` and `#s12-row-7` of a link that somebody sent.
function openNamed() {
  const id = decodeURIComponent(location.hash.slice(1));
  const entry = entries.find((one) => one.node.id === id.split("-")[0]);
  if (entry) {
    entry.node.open = true;
    const there = () => (byId(id) || entry.node).scrollIntoView();
    requestAnimationFrame(there);
  }
}

byId("summary").textContent =
  `faultrig ${report.faultrig}, ${entries.length} runs in ${elapsed(report.took_ns)}, seed ${report.seed}`;
byId("choice").replaceChildren(
  ...report.chosen.map((line) => element("p", {}, line)));
addFilters();
arrange();
filter();
openNamed();
addEventListener("hashchange", openNamed);
