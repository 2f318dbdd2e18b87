// The exit chain as a picture: who started whom, how each ended, and the link
// at which the number stops to say what happened.

function endWords(end) {
  const words = end.status || end.how.replace("_", " ");
  return end.stopped_by_us ? words + ", after our " + end.stopped_by_us : words;
}

// A killed test and a failed one both leave go with 1.
function isLost(inner, outer) {
  return Boolean(inner.status) && Boolean(outer.status) &&
    inner.status !== outer.status && inner.status !== "exited 0";
}

function isBad(end) {
  return end.status !== "exited 0";
}

function chainText(ends) {
  return ends.map((end) => end.link + " " + endWords(end)).join(", then ");
}

function chainBox(end, x, y) {
  return drawn("g", { transform: `translate(${x},${y})` },
    drawn("rect", { class: "box" + (isBad(end) ? " bad" : ""), width: 230,
      height: 58, rx: 6 }),
    drawn("text", { x: 10, y: 18 }, end.link),
    drawn("text", { x: 10, y: 34, class: "soft" },
      cutTo(end.program ? end.program.split("/").pop() : "", 28)),
    drawn("text", { x: 10, y: 50 }, cutTo(endWords(end), 29)));
}

function chainArrow(inner, outer, y, toY) {
  const lost = isLost(inner, outer);
  const group = drawn("g", {},
    drawn("path", { class: "arrow" + (lost ? " lost" : ""),
      d: `M 250 ${y + 29} C 330 ${y + 29}, 330 ${toY + 29}, 408 ${toY + 29}`,
      "marker-end": "url(#tip)" }));
  if (lost) {
    group.append(drawn("text", { x: 258, y: y + 22, class: "lost-word" },
      "the cause is lost here"));
  }
  return group;
}

// Test binaries on the left, each with an arrow to the go that waited for it.
function chainPicture(ends) {
  const outer = ends.filter((end) => end.link === "go");
  const inner = ends.filter((end) => end.link !== "go");
  const shown = inner.slice(0, 12);
  const height = Math.max(1, shown.length, outer.length) * 70;
  const svg = drawn("svg", { role: "img", viewBox: `0 0 660 ${height}`,
    width: 660, height: height, "aria-label": "Exit chain: " + chainText(ends) },
    drawn("defs", {}, drawn("marker", { id: "tip", viewBox: "0 0 8 8", refX: 7,
      refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" },
      drawn("path", { d: "M 0 0 L 8 4 L 0 8 z", class: "dot" }))));
  const goY = (height - 70) / 2;
  shown.forEach((end, i) => {
    if (outer.length > 0) svg.append(chainArrow(end, outer[0], i * 70, goY));
    svg.append(chainBox(end, 15, i * 70 + 2));
  });
  outer.forEach((end, i) => svg.append(chainBox(end, 412, goY + i * 70 + 2)));
  const box = element("div", { class: "wide", tabindex: "0", role: "group",
    "aria-label": "Exit chain" }, svg);
  if (inner.length > shown.length) {
    box.append(element("p", { class: "was" },
      `and ${inner.length - shown.length} more test binaries`));
  }
  return box;
}
