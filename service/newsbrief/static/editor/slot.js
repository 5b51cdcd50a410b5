// One translation of a headline or highlight: its field, and what is to be said of its state.
import { field } from "./field.js";
import { t } from "./texts.js";

export function slotField(target, actions) {
  let unit;
  const made = field({
    language: target,
    input: (text) => actions.editTranslation(unit, target, text),
  });

  function update(current, label, source) {
    unit = current;
    const slot = unit.translations[target];
    const again = { label: t("translations.retry"), click: () => actions.translate(unit) };
    const restore = {
      label: t("translations.restore"),
      click: () => actions.restore(unit, target),
    };
    const anew = slot.state === "ready" && slot.previous !== null;
    made.update({
      label,
      text: slot.text,
      source,
      findings: slot.findings,
      busy: slot.state === "waiting",
      empty: placeholder(slot),
      note: note(slot, anew),
      alert: slot.state === "failed" ? `${t("translations.failed")} ${slot.problem}` : null,
      action: slot.state === "failed" ? again : anew ? restore : missing(slot, unit) ? again : null,
    });
  }

  return { node: made.node, update };
}

function missing(slot, unit) {
  return slot.state === "none" && Boolean(unit.base);
}

function placeholder(slot) {
  if (slot.state === "waiting") return t("translations.waiting");
  return slot.state === "ready" ? t("results.withheld") : t("translations.none");
}

function note(slot, anew) {
  if (slot.wait > 0) return t("progress.waiting", { seconds: slot.wait });
  if (anew) return t("translations.again");
  return slot.edited ? t("translations.edited") : null;
}
