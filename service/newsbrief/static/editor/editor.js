// The editors' page comes to life here: one brief, its views, and everything an editor can do to it.
import { addHighlight, briefFrom, commit, halt, isEdited, move, newBrief, remove } from "./brief.js";
import { Problem, useKey } from "./client.js";
import { rendered, toClipboard } from "./copying.js";
import { byId } from "./elements.js";
import { openFiles } from "./files.js";
import { blank, fillIn, openForm, payload, typed } from "./form.js";
import { highlightsView } from "./highlights.js";
import { forget, keep, recall } from "./kept.js";
import { notify } from "./notice.js";
import { pairsView } from "./pairs.js";
import { clearProblem, showProblem } from "./problems.js";
import { progressView } from "./progress.js";
import { sourceView } from "./source.js";
import { answered, t } from "./texts.js";
import { translationsView } from "./translations.js";
import { makeBrief, stopTranslating, translateUnit } from "./working.js";

const KEEP_AFTER = 300; // milliseconds without a change

let brief = null;
let selected = null; // id of a highlight
let work = null; // AbortController of the brief that is being made
let timer = null;

const actions = {
  edit(unit, text) {
    unit.text = text;
    changed();
  },
  commit(unit) {
    const anew = commit(unit);
    changed();
    if (anew) actions.translate(unit);
  },
  async translate(unit) {
    try {
      await translateUnit(brief, unit, changed);
    } catch (error) {
      fail(error);
    }
  },
  editTranslation(unit, target, text) {
    const slot = unit.translations[target];
    Object.assign(slot, { text, edited: true, findings: [], previous: null, state: "ready" });
    changed();
  },
  restore(unit, target) {
    actions.editTranslation(unit, target, unit.translations[target].previous);
  },
  editParagraph(target, index, text) {
    Object.assign(brief.bodies[target][index], { text, edited: true, findings: [] });
    changed();
  },
  select(unit) {
    selected = unit.id;
    update();
  },
  add() {
    const unit = addHighlight(brief);
    changed();
    highlightField(unit.id).focus();
  },
  move(unit, places) {
    if (!move(brief, unit.id, places)) return;
    changed();
    notify(t("results.moved", { number: brief.highlights.indexOf(unit) + 1 }));
  },
  remove(unit) {
    const place = brief.highlights.indexOf(unit);
    const of = brief;
    const putBack = remove(brief, unit.id);
    changed();
    const next = brief.highlights[Math.min(place, brief.highlights.length - 1)];
    (next ? highlightField(next.id) : byId("add")).focus();
    notify(t("results.removed"), () => {
      putBack();
      if (of !== brief) return;
      changed();
      highlightField(unit.id).focus();
    });
  },
  async copy(target, format, language) {
    try {
      await toClipboard(rendered(brief, target, format));
      notify(t("copy.done", { language, format: t(`copy.${format}`) }));
    } catch {
      notify(t("copy.failed"));
    }
  },
};

const views = [
  highlightsView(actions),
  translationsView(actions),
  pairsView(actions),
  sourceView(),
];
const progress = progressView({ cancel: () => work?.abort(), again: start });

function highlightField(id) {
  return document.querySelector(`[data-id="${id}"] textarea`);
}

function update() {
  for (const view of views) view(brief, selected);
}

function changed() {
  update();
  clearTimeout(timer);
  timer = setTimeout(save, KEEP_AFTER);
}

function save() {
  clearTimeout(timer);
  timer = null;
  if (!keep({ form: typed(), brief })) notify(t("kept.full"));
}

function replaceBrief(next) {
  stopTranslating(brief);
  brief = next;
  selected = null;
  changed();
}

async function start() {
  work?.abort();
  clearProblem();
  const wanted = payload();
  const next = newBrief(wanted);
  const controller = new AbortController();
  work = controller;
  bringIntoView(byId("answer"));
  try {
    await makeBrief(next, wanted, controller.signal, progress, () => {
      if (work === controller) show(next);
    });
  } catch (error) {
    if (work !== controller) return;
    halt(next);
    changed();
    if (controller.signal.aborted) progress.stopped(t("progress.cancelled"));
    else {
      progress.stopped("");
      fail(error);
    }
  } finally {
    if (work === controller) work = null;
  }
}

// The former brief stays until there is something of the next one to show.
function show(next) {
  const before = brief;
  if (before === next) {
    changed();
    return;
  }
  replaceBrief(next);
  makeRoom();
  if (before && isEdited(before)) {
    notify(t("results.replaced"), () => {
      work?.abort();
      replaceBrief(before);
    });
  }
}

// The form folds away for the article as it was read, unless somebody is typing in it. What stood
// below it moves up by its height, and the focus must not fold away with the button that has it.
function makeRoom() {
  const submitted = document.activeElement === byId("submit");
  if (document.activeElement?.closest("#form") && !submitted) return;
  byId("article").open = false;
  if (submitted) byId("results-title").focus({ preventScroll: true });
  bringIntoView(byId("answer"));
}

function fail(error) {
  if (!(error instanceof Problem)) throw error;
  showProblem(error);
  bringIntoView(byId("problem"));
  if (error.status !== 401) return;
  byId("article").open = true;
  byId("key-row").hidden = false;
  byId("key").focus();
}

function bringIntoView(node) {
  const { top } = node.getBoundingClientRect();
  if (top < 0 || top > innerHeight / 2) node.scrollIntoView();
}

function clear() {
  const before = { form: typed(), brief };
  work?.abort();
  work = null;
  clearProblem();
  progress.finished("");
  fillIn(blank());
  replaceBrief(null);
  clearTimeout(timer);
  timer = null;
  forget();
  byId("headline").focus();
  notify(t("results.cleared"), () => {
    fillIn(before.form);
    replaceBrief(before.brief);
  });
}

function open(text, format, name) {
  const before = typed();
  fillIn({ ...before, headline: "", body: text, format });
  byId("article").open = true;
  byId("body").focus();
  save();
  const undo = before.body || before.headline ? () => fillIn(before) : null;
  notify(t("file.opened", { name }), undo);
}

openForm(changed, start);
openFiles(open, notify);
byId("clear").addEventListener("click", clear);
addEventListener("pagehide", () => timer && save());
byId("key").addEventListener("input", (event) => useKey(event.target.value));
const kept = recall();
if (answered) {
  brief = briefFrom(answered, payload().strict);
} else if (kept) {
  if (!byId("body").value && !byId("headline").value) fillIn(kept.form);
  brief = kept.brief;
  if (brief) halt(brief);
}
update();
