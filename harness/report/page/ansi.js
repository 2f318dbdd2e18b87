// What a program printed, safe to look at: colours stay (SGR), each other
// escape sequence goes, any other control character is shown as a picture.

// CSI, OSC and the like, two-byte escapes; ECMA-48.
const ESCAPES = /\x1b(?:\[([0-?]*)[ -/]*([@-~])|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])/g;

function pictured(text) {
  return text.replace(/\r\n/g, "\n").replace(
    /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g,
    (one) => {
      const code = one.charCodeAt(0);
      if (code < 0x20) return String.fromCharCode(0x2400 + code);
      return code === 0x7f ? "\u2421"
        : "\\u" + code.toString(16).padStart(4, "0");
    });
}

// The classes that hold after `codes`.
function styled(classes, codes) {
  let next = classes;
  for (const code of (codes || "0").split(";").map(Number)) {
    if (code === 0) next = { color: "", bold: false };
    else if (code === 1) next = { ...next, bold: true };
    else if (code === 22) next = { ...next, bold: false };
    else if (code === 39) next = { ...next, color: "" };
    else if (code >= 30 && code <= 37) next = { ...next, color: code - 30 };
    else if (code >= 90 && code <= 97) next = { ...next, color: code - 90 };
  }
  return next;
}

function ansiNodes(text) {
  const out = [];
  let classes = { color: "", bold: false };
  let from = 0;
  const tell = (to) => {
    if (to > from) {
      const names = (classes.bold ? "ansi-bold " : "") +
        (classes.color === "" ? "" : "ansi-" + classes.color);
      const part = pictured(text.slice(from, to));
      out.push(names ? element("span", { class: names }, part) : part);
    }
  };
  for (const found of text.matchAll(ESCAPES)) {
    tell(found.index);
    from = found.index + found[0].length;
    if (found[2] === "m") classes = styled(classes, found[1]);
  }
  tell(text.length);
  return out;
}
