// Small things that all of the page uses. Text becomes text nodes, never HTML.
const SVG = "http://www.w3.org/2000/svg";

function put(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    node.setAttribute(name, value);
  }
  for (const child of children || []) {
    node.append(child);
  }
  return node;
}

function element(name, attributes, ...children) {
  return put(document.createElement(name), attributes, children);
}

function drawn(name, attributes, ...children) {
  return put(document.createElementNS(SVG, name), attributes, children);
}

function elapsed(ns) {
  if (ns < 1e6) return Math.round(ns / 1e3) + " µs";
  if (ns < 1e9) return (ns / 1e6).toFixed(ns < 1e7 ? 1 : 0) + " ms";
  return (ns / 1e9).toFixed(2) + " s";
}

// For a shell, where it needs quotes; $'...' for what has no sign of its own.
function quoted(word) {
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(word)) {
    const typed = Array.from(new TextEncoder().encode(word), (byte) =>
      byte < 0x20 || byte > 0x7e ? "\\x" + byte.toString(16).padStart(2, "0")
        : (byte === 0x27 || byte === 0x5c ? "\\" : "") + String.fromCharCode(byte));
    return "$'" + typed.join("") + "'";
  }
  return /^[\w@%+=:,./-]+$/.test(word)
    ? word : "'" + word.replace(/'/g, "'\\''") + "'";
}

function cutTo(text, length) {
  return text.length > length ? text.slice(0, length - 1) + "…" : text;
}

// The words of Verdict, worst first; `excused`: known, or in quarantine;
// `not_run`: there was no time for it.
const VERDICTS = ["error", "fail", "inconclusive", "excused", "skipped",
  "not_run", "pass"];

function verdictWord(verdict) {
  return element("span", { class: "word " + verdict },
    verdict.replace("_", " "));
}
