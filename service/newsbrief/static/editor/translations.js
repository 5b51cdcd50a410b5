// One card a language: headline, highlights, findings, draft marker and copying.
import { findingsOf, units } from "./brief.js";
import { copyButtons } from "./copying.js";
import { byId, element, empty, keyed, refresh } from "./elements.js";
import { slotField } from "./slot.js";
import { capitalised, languageName, number, t } from "./texts.js";

export function translationsView(actions) {
  const parent = byId("translations");
  const heading = byId("translations-heading");
  const all = element("div", { class: "copying" });
  const cards = element("div", { class: "cards" });
  heading.replaceChildren(byId("translations-title"), all);
  parent.replaceChildren(heading, cards);

  return function update(brief) {
    const began = brief !== null && brief.targets.length > 0;
    parent.hidden = !began;
    if (!began) {
      empty(cards);
      return;
    }
    keyed(cards, brief.targets, String, (target) => card(target, actions));
    for (const view of cards.children) view.update(brief);
    refresh(all, "all", () => copyButtons(t("copy.all"), null, actions.copy));
  };
}

function card(target, actions) {
  const title = element("h3", { id: `title-${target}` }, capitalised(languageName(target)));
  const marks = element("div", { class: "marks" });
  const headline = element("div");
  const list = element("ol", { class: "units" });
  const copying = element(
    "div",
    { class: "copying" },
    ...copyButtons(capitalised(languageName(target)), target, actions.copy),
  );
  const node = element(
    "section",
    { class: "card", id: `card-${target}`, "aria-labelledby": title.id },
    element("div", { class: "heading" }, title, marks),
    headline,
    list,
    copying,
  );
  node.update = (brief) => {
    const waiting = units(brief).some((unit) => unit.translations[target].state === "waiting");
    const findings = findingsOf(brief, target);
    const draft = Boolean(brief.drafts[target]);
    node.setAttribute("aria-busy", String(waiting));
    refresh(marks, [waiting, findings.length, draft, target in brief.drafts], () => [
      ...(draft ? [element("span", { class: "tag" }, t("translations.draft"))] : []),
      element("span", { class: "state" }, state(brief, target, waiting, findings)),
      ...(draft ? [element("p", { class: "hint" }, t("translations.draft-hint"))] : []),
    ]);
    const shown = units(brief);
    const view = (unit) => unitView(unit, target, brief, actions);
    keyed(headline, shown.filter((unit) => unit.part === "headline"), idOf, view);
    keyed(list, shown.filter((unit) => unit.part !== "headline"), idOf, view);
  };
  return { node, update: () => {} };
}

const idOf = (unit) => unit.id;

function state(brief, target, waiting, findings) {
  if (waiting) return t("translations.waiting");
  if (!(target in brief.drafts)) return t("translations.none");
  if (findings.length === 0 && brief.drafts[target]) return t("translations.clean-draft");
  if (findings.length === 0) return `✓ ${t("translations.clean")}`;
  return `⚠ ${t("translations.findings", { count: number(findings.length) })}`;
}

function unitView(unit, target, brief, actions) {
  const slot = slotField(target, actions);
  const headline = unit.part === "headline";
  return {
    node: element(headline ? "div" : "li", { class: headline ? "unit headline" : "unit" }, slot.node),
    update(current, index) {
      const values = { number: index + 1, language: languageName(target) };
      const key = headline ? "translations.headline" : "translations.highlight";
      slot.update(current, t(key, values), brief.sourceLanguage);
    },
  };
}
