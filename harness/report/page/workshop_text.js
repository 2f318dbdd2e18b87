// A button that is disabled while it has the focus swallows the next key: this one
// only does nothing.
function allow(button, may) {
  button.setAttribute("aria-disabled", String(!may));
}

function isAllowed(button) {
  return button.getAttribute("aria-disabled") !== "true" && !button.hidden;
}

// A small, safe part of Markdown as nodes: nothing of it becomes HTML.

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*|\[([^\]]+)\]\(([^)\s]+)\)/;

// A link leads out only where it says so; one to a file of the project, as to
// its glossary, is a word here.
function linkNode(text, target) {
  return /^https?:\/\//.test(target)
    ? element("a", { href: target, rel: "noreferrer noopener", target: "_blank" },
      ...inlineNodes(text))
    : element("span", { class: "term" }, ...inlineNodes(text));
}

function inlineNodes(text) {
  const out = [];
  let rest = text;
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
    const [all, code, bold, soft, label, target] = found;
    out.push(rest.slice(0, found.index));
    out.push(code !== undefined ? element("code", {}, code)
      : bold !== undefined ? element("strong", {}, ...inlineNodes(bold))
        : soft !== undefined ? element("em", {}, ...inlineNodes(soft))
          : linkNode(label, target));
    rest = rest.slice(found.index + all.length);
  }
  out.push(rest);
  return out.filter((part) => part !== "");
}

function codeNode(text, name) {
  const pre = element("pre", { tabindex: "0", role: "group",
    "aria-label": name || "Code" }, element("code", {}, text));
  return name ? element("figure", {}, element("figcaption", {}, name), pre) : pre;
}

function rowNode(line, cell) {
  const cells = line.trim().replace(/^\||\|$/g, "").split("|");
  return element("tr", {},
    ...cells.map((text) => element(cell, {}, ...inlineNodes(text.trim()))));
}

function tableNode(lines) {
  const ruled = lines.length > 1 && /^[\s|:-]+$/.test(lines[1]);
  const table = element("table", { class: "plain" });
  lines.forEach((line, i) => {
    if (!ruled || i !== 1) table.append(rowNode(line, ruled && i === 0 ? "th" : "td"));
  });
  return table;
}

// What begins a block of lines, and what becomes of them.
const BLOCKS = [
  { starts: /^\s*$/, takes: /^\s*$/, node: () => null },
  { starts: /^#{1,6} /, takes: /^$a/,
    node: (lines) => element("h3", {}, ...inlineNodes(lines[0].replace(/^#+ /, ""))) },
  { starts: /^ {4}/, takes: /^( {4}|\s*$)/,
    node: (lines) => codeNode(lines.map((line) => line.slice(4)).join("\n").trimEnd()) },
  { starts: /^\|/, takes: /^\|/, node: tableNode },
  { starts: /^\s*[-*] /, takes: /^(\s*[-*] |\s+\S)/, node: (lines) => listNode(lines, "ul") },
  { starts: /^\s*\d+[.)] /, takes: /^(\s*\d+[.)] |\s+\S)/,
    node: (lines) => listNode(lines, "ol") },
];
// A line of it may begin with a number and a full stop: only 1 begins a list.
const PARAGRAPH = { takes: /^(?!\s*$|```|#{1,6} |\||\s*[-*] |\s*1[.)] )/,
  node: (lines) => element("p", {}, ...inlineNodes(lines.join(" "))) };

function listNode(lines, kind) {
  const list = element(kind);
  const items = [];
  for (const line of lines) {
    const begins = /^\s*(?:[-*]|\d+[.)]) (.*)$/.exec(line);
    if (begins) items.push([begins[1]]);
    else items[items.length - 1].push(line.trim());
  }
  for (const item of items) {
    list.append(element("li", {}, ...inlineNodes(item.join(" "))));
  }
  return list;
}

function markdownNodes(text) {
  const lines = text.split("\n");
  const out = [];
  for (let i = 0; i < lines.length;) {
    const fence = /^```\s*\S*\s*(.*)$/.exec(lines[i]);
    let end = i + 1;
    if (fence) {
      while (end < lines.length && !lines[end].startsWith("```")) end += 1;
      out.push(codeNode(lines.slice(i + 1, end).join("\n"), fence[1]));
      end += 1;
    } else {
      const block = BLOCKS.find((one) => one.starts.test(lines[i])) || PARAGRAPH;
      while (end < lines.length && block.takes.test(lines[end])) end += 1;
      out.push(block.node(lines.slice(i, end)));
    }
    i = end;
  }
  return out.filter((node) => node !== null);
}
