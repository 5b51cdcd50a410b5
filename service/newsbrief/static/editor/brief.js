// The brief as the editor has it: what the service gave, and what was changed since. Plain data.
//
// A unit is the headline or one highlight:
//   {id, part, text, base, sources, findings, edited, translations: {target: slot}}
// `base` is the text that its translations are of. A slot is one translation:
//   {text, findings, state: "none" | "waiting" | "ready" | "failed", edited, previous, problem, wait}
// `previous` is the editor's own wording that a new translation has replaced.

export function newBrief(payload) {
  const brief = {
    nonce: Math.random().toString(36).slice(2), // so that two briefs never share a unit's id
    id: null,
    pack: null,
    sourceLanguage: payload.source_language,
    targets: payload.targets,
    strict: payload.strict,
    serial: 0,
    headline: null,
    highlights: [],
    order: [], // ids of the highlights as the service counts them
    body: null,
    bodies: {}, // target -> [{text, findings, edited}]
    drafts: {}, // target -> whether its model is a draft
    findings: [],
    complete: false,
  };
  brief.headline = addUnit(brief, "headline", payload.headline ?? null);
  return brief;
}

function addUnit(brief, part, text) {
  const slots = brief.targets.map((target) => [target, newSlot("waiting")]);
  brief.serial += 1;
  return {
    id: `unit-${brief.nonce}-${brief.serial}`,
    part,
    text,
    base: text,
    sources: [],
    findings: [],
    edited: false,
    translations: Object.fromEntries(slots),
  };
}

function newSlot(state) {
  return { text: null, findings: [], state, edited: false, previous: null, problem: null, wait: 0 };
}

export function applyHighlights(brief, data) {
  if (data.body) brief.body = data.body;
  brief.highlights = data.highlights.map((highlight) => ({
    ...addUnit(brief, "highlights", highlight.text),
    sources: highlight.sources,
    findings: highlight.findings,
  }));
  brief.order = brief.highlights.map((unit) => unit.id);
}

// One language has come. What the editor has changed meanwhile is being translated by itself.
export function applyTranslation(brief, target, data) {
  brief.drafts[target] = data.draft;
  const findings = (part, index) =>
    data.findings.filter((each) => each.part === part && each.index === index);
  if (!brief.headline.edited) {
    settle(brief.headline, target, data.headline, findings("headline", 0));
  }
  brief.order.forEach((id, index) => {
    const unit = brief.highlights.find((each) => each.id === id);
    if (unit && !unit.edited) {
      settle(unit, target, data.highlights[index], findings("highlights", index));
    }
  });
  if (data.body) {
    brief.bodies[target] = data.body.map((text, index) => ({
      text,
      findings: findings("body", index),
      edited: false,
    }));
  }
}

export function applyWhole(brief, data) {
  Object.assign(brief, { id: data.id, pack: data.pack, body: data.body, findings: data.findings });
  if (!brief.headline.edited) brief.headline.text = brief.headline.base = data.headline;
  brief.complete = true;
}

// A whole answer, as the API gives it without streaming.
export function briefFrom(data, strict) {
  const targets = Object.keys(data.translations);
  const brief = newBrief({ ...data, targets, strict });
  applyHighlights(brief, data);
  for (const target of targets) applyTranslation(brief, target, data.translations[target]);
  applyWhole(brief, data);
  return brief;
}

export function settle(unit, target, text, findings) {
  const slot = unit.translations[target];
  Object.assign(slot, { text, findings, state: "ready", edited: false, problem: null, wait: 0 });
}

// The headline, if there is one, and the highlights.
export function units(brief) {
  const { headline, highlights } = brief;
  const translated = Object.values(headline.translations).some((slot) => slot.text);
  return headline.text || headline.edited || translated ? [headline, ...highlights] : highlights;
}

// Takes a changed text as the one to translate; false if there is nothing new to translate.
export function commit(unit) {
  const text = (unit.text ?? "").trim();
  if (text === (unit.base ?? "")) return false;
  Object.assign(unit, { text, base: text, edited: true, findings: [] });
  for (const slot of Object.values(unit.translations)) {
    if (slot.edited) slot.previous = slot.text;
    Object.assign(slot, { findings: [], state: text ? "waiting" : "none", problem: null });
    if (!text) slot.text = null;
  }
  return text !== "";
}

export function addHighlight(brief) {
  const unit = { ...addUnit(brief, "highlights", ""), edited: true };
  for (const slot of Object.values(unit.translations)) slot.state = "none";
  brief.highlights.push(unit);
  return unit;
}

// Moves a highlight by so many places; false at either end.
export function move(brief, id, places) {
  const from = brief.highlights.findIndex((unit) => unit.id === id);
  const to = from + places;
  if (from < 0 || to < 0 || to >= brief.highlights.length) return false;
  brief.highlights.splice(to, 0, ...brief.highlights.splice(from, 1));
  return true;
}

// Takes a highlight out; gives back what puts it in again.
export function remove(brief, id) {
  const place = brief.highlights.findIndex((unit) => unit.id === id);
  const [unit] = brief.highlights.splice(place, 1);
  return () => brief.highlights.splice(Math.min(place, brief.highlights.length), 0, unit);
}

// What was under way when the page was left, or cancelled, is not any more.
export function halt(brief) {
  for (const unit of [brief.headline, ...brief.highlights]) {
    for (const slot of Object.values(unit.translations)) {
      if (slot.state === "waiting") Object.assign(slot, { state: "none", wait: 0 });
    }
  }
}

export function isEdited(brief) {
  const slots = units(brief).flatMap((unit) => Object.values(unit.translations));
  const paragraphs = Object.values(brief.bodies).flat();
  return [...units(brief), ...slots, ...paragraphs].some((each) => each.edited);
}

export function findingsOf(brief, target) {
  const own = units(brief).flatMap((unit) => unit.translations[target].findings);
  return [...own, ...(brief.bodies[target] ?? []).flatMap((paragraph) => paragraph.findings)];
}

export function allFindings(brief) {
  const own = units(brief).flatMap((unit) => unit.findings);
  return [...brief.findings, ...own, ...brief.targets.flatMap((each) => findingsOf(brief, each))];
}
