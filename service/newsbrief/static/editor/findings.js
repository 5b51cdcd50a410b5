// Findings of the checks in plain words, each with a way to the words it concerns.
import { element } from "./elements.js";
import { slice } from "./spans.js";
import { has, pieces, t } from "./texts.js";

const FEW = 5; // words of a long place that its button shows

// `text` is what the findings are about, in `target`; `show(start, end)` selects a place in it.
export function findingList(findings, { text, source, target, show }) {
  if (findings.length === 0) return null;
  const items = [];
  const said = new Set();
  for (const finding of findings.toSorted(worstFirst)) {
    const placed = finding.start != null && finding.end != null && text !== null;
    const button = placed ? showButton(finding, text, target, show) : null;
    const words = inWords(finding, text, source, target, button);
    const line = words.map((word) => word.textContent ?? word).join("");
    if (!placed && said.has(line)) continue;
    said.add(line);
    const behind = button && !words.includes(button) ? [" ", button] : [];
    items.push(
      element(
        "li",
        { class: `finding ${finding.severity}` },
        element("strong", {}, `${t(`severity.${finding.severity}`)}:`),
        " ",
        ...words,
        ...behind,
      ),
    );
  }
  return element("ul", { class: "findings" }, ...items);
}

function worstFirst(one, other) {
  return (other.severity === "error") - (one.severity === "error");
}

// The words found are the button that shows them, where it is known which they are. A code that
// the catalogue doesn't know keeps the check's own message, which is English.
function inWords(finding, text, source, target, button) {
  const key = `finding.${finding.code}`;
  const quoted = { expected: [finding.expected, source], found: [finding.found, target] };
  const own = [element("span", { lang: "en" }, finding.message)];
  if (!has(key)) return own;
  const parts = pieces(key);
  if (parts.some((part, index) => index % 2 && quoted[part]?.[0] == null)) return own;
  return parts.map((part, index) =>
    index % 2 ? quote(part, ...quoted[part]) : part,
  );

  function quote(part, words, lang) {
    if (part === "found" && button && words === slice(text, finding.start, finding.end)) {
      return button;
    }
    return element("q", { lang }, words);
  }
}

function showButton(finding, text, target, show) {
  const words = slice(text, finding.start, finding.end).split(/\s+/);
  const short = words.slice(0, FEW).join(" ") + (words.length > FEW ? "…" : "");
  return element(
    "button",
    {
      type: "button",
      class: "show",
      "aria-label": t("finding.show", { words: short }),
      click: () => show(finding.start, finding.end),
    },
    element("span", { lang: target }, short),
  );
}
