// The highlights in the article's own language: edited, moved, removed, added, and their sources.
import { copyButtons } from "./copying.js";
import { byId, element, empty, keyed, refresh } from "./elements.js";
import { field } from "./field.js";
import { findingList } from "./findings.js";
import { slice } from "./spans.js";
import { languageName, limits, t } from "./texts.js";

export function highlightsView(actions) {
  const nothing = byId("empty") ?? element("p", { class: "hint" }, t("results.empty"));
  const copying = element("div", { class: "copying" });
  const general = element("div");
  const headline = element("div");
  const list = element("ol", { class: "units" });
  const add = element("button", { type: "button", id: "add", click: actions.add }, t("results.add"));
  const keys = element("p", { class: "hint" }, t("results.keys"));
  const origin = element("p", { class: "hint", id: "origin" });
  const whole = element("div", { hidden: true }, general, headline, list, add, keys, copying, origin);
  byId("results").replaceChildren(byId("results-title"), nothing, whole);

  return function update(brief, selected) {
    const began = brief !== null;
    whole.hidden = !began;
    nothing.hidden = began;
    if (!began) {
      [general, headline, list, origin].forEach(empty);
      return;
    }
    const source = brief.sourceLanguage;
    const place = { text: null, source, target: source };
    refresh(general, brief.findings, () => [findingList(brief.findings, place)].filter(Boolean));
    keyed(headline, brief.headline.text === null ? [] : [brief.headline], idOf, () =>
      headlineView(brief, actions),
    );
    keyed(list, brief.highlights, idOf, (unit) => unitView(brief, unit, actions));
    for (const item of list.children) {
      item.setAttribute("aria-current", String(item.dataset.id === selected));
    }
    refresh(copying, source, () => copyButtons(languageName(source), source, actions.copy));
    refresh(origin, [brief.pack, brief.id], () => originOf(brief));
  };
}

const idOf = (unit) => unit.id;

function originOf(brief) {
  if (!brief.pack) return [];
  const pack = t("pack.made", { pack: `${brief.pack.name}@${brief.pack.version}` });
  return [`${pack}, ${t("pack.brief", { id: brief.id.slice(0, 12) })}`];
}

function headlineView(brief, actions) {
  let unit;
  const made = field({
    language: brief.sourceLanguage,
    input: (text) => actions.edit(unit, text),
    commit: () => actions.commit(unit),
  });
  const title = element("p", { class: "label", "aria-hidden": "true" }, t("results.headline"));
  return {
    node: element("div", { class: "unit headline" }, title, made.node),
    update(current) {
      unit = current;
      made.update({ label: t("results.headline"), text: unit.text, source: brief.sourceLanguage });
    },
  };
}

function unitView(brief, first, actions) {
  let unit = first;
  const { id } = first;
  const language = brief.sourceLanguage;
  const made = field({
    language,
    limit: limits.highlight,
    input: (text) => actions.edit(unit, text),
    commit: () => actions.commit(unit),
  });
  const rests = element("div", { class: "rests", id: `rests-${id}`, hidden: true });
  const sources = element(
    "button",
    {
      type: "button",
      class: "quiet sources",
      "aria-expanded": "false",
      "aria-controls": rests.id,
      click: () => {
        rests.hidden = !rests.hidden;
        sources.setAttribute("aria-expanded", String(!rests.hidden));
        actions.select(unit);
      },
    },
    t("results.sources"),
  );
  const up = tool("↑", () => actions.move(unit, -1));
  const down = tool("↓", () => actions.move(unit, 1));
  const away = tool("✕", () => actions.remove(unit));
  const node = element(
    "li",
    {
      class: "unit",
      "data-id": id,
      focusin: () => actions.select(unit),
      keydown: (event) => {
        const places = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (!event.altKey || !places) return;
        event.preventDefault();
        actions.move(unit, places);
      },
    },
    made.node,
    element("div", { class: "tools" }, sources, up, down, away),
    rests,
  );

  function update(current, index) {
    unit = current;
    const values = { number: index + 1 };
    name(sources, t("results.sources-of", values));
    name(up, t("results.up", values));
    name(down, t("results.down", values));
    name(away, t("results.remove", values));
    up.disabled = index === 0;
    down.disabled = index === brief.highlights.length - 1;
    made.update({
      label: t("results.highlight", values),
      text: unit.text,
      source: language,
      findings: unit.findings,
      note: unit.edited && unit.text ? t("results.edited") : null,
      empty: unit.text === null ? t("results.withheld") : "",
    });
    const known = brief.body !== null || unit.sources.length === 0;
    refresh(rests, [unit.sources, known, unit.edited], () => (known ? restsOn(brief, unit) : []));
  }
  return { node, update };
}

function restsOn(brief, unit) {
  if (unit.sources.length === 0) return [element("p", { class: "hint" }, t("results.rests-none"))];
  const key = unit.edited ? "results.rests-before" : "results.rests";
  return [
    element("p", { class: "hint" }, t(key)),
    ...unit.sources.map(({ start, end }) =>
      element("blockquote", { lang: brief.sourceLanguage }, slice(brief.body, start, end)),
    ),
  ];
}

function tool(sign, click) {
  return element("button", { type: "button", class: "quiet tool", click }, sign);
}

function name(button, label) {
  button.setAttribute("aria-label", label);
  button.title = label;
}
