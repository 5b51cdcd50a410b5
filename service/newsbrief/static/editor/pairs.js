// The whole article and one translation of it, side by side by paragraph.
import { byId, element, empty, keyed } from "./elements.js";
import { field } from "./field.js";
import { capitalised, languageName, t } from "./texts.js";

export function pairsView(actions) {
  const section = byId("pairs");
  const choices = element(
    "fieldset",
    { class: "choices" },
    element("legend", {}, t("body.beside")),
  );
  const options = element("div", { class: "options" });
  choices.append(options);
  const rows = element("div", { class: "rows" });
  byId("pairs-content").replaceChildren(choices, rows);
  let chosen = null;

  return function update(brief) {
    const targets = brief === null ? [] : brief.targets.filter((each) => brief.bodies[each]);
    section.hidden = brief === null || brief.body === null || targets.length === 0;
    if (section.hidden) {
      empty(rows);
      return;
    }
    if (!targets.includes(chosen)) [chosen] = targets;
    keyed(options, targets, String, (target) =>
      option(target, () => {
        chosen = target;
        update(brief);
      }),
    );
    for (const input of options.querySelectorAll("input")) input.checked = input.value === chosen;
    const paragraphs = brief.body.split("\n\n").map((text, index) => ({ text, index }));
    const key = (paragraph) => `${brief.nonce} ${chosen} ${paragraph.index}`;
    keyed(rows, paragraphs, key, (paragraph) => row(brief, chosen, paragraph, actions));
  };
}

function option(target, choose) {
  const input = element("input", { type: "radio", name: "beside", value: target, change: choose });
  const name = capitalised(languageName(target));
  return { node: element("label", {}, input, ` ${name}`), update: () => {} };
}

function row(brief, target, { text, index }, actions) {
  const original = element("p", { lang: brief.sourceLanguage }, text);
  const made = field({
    language: target,
    lines: true,
    input: (value) => actions.editParagraph(target, index, value),
  });
  const label = t("translations.paragraph", { number: index + 1, language: languageName(target) });
  return {
    node: element("div", { class: "pair" }, original, made.node),
    update() {
      const paragraph = brief.bodies[target][index];
      made.update({
        label,
        text: paragraph.text,
        source: brief.sourceLanguage,
        findings: paragraph.findings,
        note: paragraph.edited ? t("translations.edited") : null,
        empty: t("results.withheld"),
      });
    },
  };
}
