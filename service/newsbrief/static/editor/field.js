// A text that can be edited, with its length, notes and findings beneath.
import { element, refresh } from "./elements.js";
import { findingList } from "./findings.js";
import { length, offset } from "./spans.js";
import { number, t } from "./texts.js";

const GROWS = CSS.supports("field-sizing", "content");

let serial = 0;

// `input(text)` at every change; `commit()` when it is finished: Enter, or on to something else.
export function field({ language, limit = null, lines = false, input, commit = () => {} }) {
  serial += 1;
  const notes = element("div", { class: "notes", id: `notes-${serial}` });
  const area = element("textarea", {
    rows: 1,
    lang: language,
    autocomplete: "off",
    spellcheck: "true",
    "aria-describedby": notes.id,
    input: () => {
      grow();
      input(area.value);
    },
    change: () => commit(),
    keydown: (event) => {
      // Enter also ends a syllable in a Korean input method: that is not ours.
      if (event.key !== "Enter" || event.isComposing || lines) return;
      event.preventDefault();
      commit();
    },
  });
  const grow = () => {
    if (GROWS) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  };
  const show = (start, end) => {
    area.focus();
    area.setSelectionRange(offset(area.value, start), offset(area.value, end));
  };

  // `note` and `action` ({label, click}) are words and a button for what else is to be said.
  function update({ label, text, source, findings = [], note, alert, action, busy, empty = "" }) {
    const value = text ?? "";
    if (area.value !== value) {
      area.value = value;
      grow();
    }
    area.setAttribute("aria-label", label);
    area.placeholder = empty;
    area.readOnly = Boolean(busy);
    area.setAttribute("aria-busy", String(Boolean(busy)));
    const shown = [text, source, findings, note, alert, action?.label];
    refresh(notes, shown, () => [
      ...(value ? [count(value, limit)] : []),
      ...(note ? [element("p", { class: "note" }, note)] : []),
      ...(alert ? [element("p", { class: "note error" }, alert)] : []),
      ...(action ? [element("button", { type: "button", click: action.click }, action.label)] : []),
      ...[findingList(findings, { text, source, target: language, show })].filter(Boolean),
    ]);
  }

  return { node: element("div", { class: "field" }, area, notes), area, update };
}

export function count(text, limit) {
  const chars = length(text);
  const over = limit !== null && chars > limit;
  const key = limit === null ? "count.chars" : over ? "count.over" : "count.of";
  const values = { count: number(chars), limit: number(limit ?? 0), over: number(chars - limit) };
  return element("p", { class: over ? "count over" : "count" }, t(key, values));
}
