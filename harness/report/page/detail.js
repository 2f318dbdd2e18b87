// What one scenario shows when it is opened.

function rowsOf(details) {
  return details.rows.map(([index, at, fact, link, pid, text]) =>
    ({ index, at, fact, link, pid, text }));
}

function findingNode(finding, rowId) {
  const list = element("dl", { class: "finding" },
    element("dt", {}, verdictWord(finding.verdict)),
    element("dd", {}, finding.because));
  if (finding.expected) {
    list.append(element("dt", {}, "expected"),
      element("dd", {}, element("code", {}, finding.expected)));
  }
  const cites = (finding.cites || []).slice(0, 20);
  if (cites.length > 0 && rowId) {
    const cell = element("dd");
    for (const cite of cites) {
      cell.append(element("a", { href: "#" + rowId(cite) }, "#" + cite), " ");
    }
    list.append(element("dt", {}, "seen in"), cell);
  }
  return list;
}

function rowTable(rows, cites, rowId, leftOut) {
  const body = element("tbody");
  for (const row of rows) {
    body.append(element("tr", { id: rowId(row.index),
      class: cites.has(row.index) ? "cited" : "" },
      element("td", { class: "number" }, String(row.index)),
      element("td", { class: "number" }, elapsed(row.at)),
      element("td", {}, row.fact.replaceAll("_", " ")),
      element("td", {}, row.link + (row.pid ? " " + row.pid : "")),
      element("td", { class: "what" }, row.text)));
  }
  const head = element("tr", {}, ...["#", "at", "fact", "who", "what"].map(
    (word) => element("th", { scope: "col" }, word)));
  const out = element("div", {}, scrolling("Events", element("table", {},
    element("thead", {}, head), body)));
  if (leftOut > 0) {
    out.append(element("p", { class: "was" },
      `${leftOut} more are not on this page; --evidence DIR keeps all`));
  }
  return out;
}

// A keyboard can scroll it too.
function scrolling(label, ...children) {
  return element("div", { class: "scroll", tabindex: "0", role: "group",
    "aria-label": label }, ...children);
}

function streamNode(name, stream) {
  if (!stream || (stream.text === "" && stream.left_out === 0)) return [];
  const notes = stream.left_out > 0
    ? [element("p", { class: "was" }, `${stream.left_out} bytes before it are left out`)]
    : [];
  return [element("h2", {}, name), ...notes,
    scrolling(name, element("pre", {}, ...ansiNodes(stream.text)))];
}

function rerunNode(one) {
  const command = "faultrig run " + quoted(one.file);
  const copy = element("button", { type: "button" }, "Copy");
  copy.addEventListener("click", () => {
    const range = document.createRange();
    range.selectNodeContents(copy.previousSibling);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    copy.textContent = document.execCommand("copy") ? "Copied" : "Selected";
  });
  return element("div", { class: "tools" },
    element("code", {}, command), copy);
}

function detailNode(one, id) {
  const out = element("div", { class: "detail" });
  const rowId = one.details ? (index) => `${id}-row-${index}` : null;
  out.append(element("h2", {}, "Verdict"),
    ...one.findings.map((finding) => findingNode(finding, rowId)),
    element("p", {}, "observed: ", element("code", {}, one.observed)));
  if (one.ends.length > 0) {
    out.append(element("h2", {}, "Exit chain"), chainPicture(one.ends));
  }
  if (one.details) {
    addDetails(out, one, rowId);
  }
  if (one.file) {
    out.append(element("h2", {}, "Run it again"), rerunNode(one));
  }
  if (one.evidence) {
    out.append(element("p", {}, "evidence: ", element("code", {}, one.evidence)));
  }
  return out;
}

function addDetails(out, one, rowId) {
  const rows = rowsOf(one.details);
  const cites = new Set(one.findings.flatMap((finding) => finding.cites || []));
  const choose = (index) => {
    const row = document.getElementById(rowId(index));
    out.querySelectorAll("tr.chosen").forEach((tr) =>
      tr.classList.remove("chosen"));
    row.classList.add("chosen");
    row.scrollIntoView({ block: "nearest" });
  };
  out.append(element("h2", {}, "Timeline"),
    new Timeline(rows, cites, choose).node(),
    rowTable(rows, cites, rowId, one.details.rows_left_out),
    ...streamNode("Standard output", one.details.stdout),
    ...streamNode("Standard error", one.details.stderr));
  if (one.details.plan) {
    out.append(element("h2", {}, "Plan"),
      scrolling("Plan", element("pre", {}, one.details.plan)));
  }
}
