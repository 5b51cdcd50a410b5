// Has the service make the brief and translate changed texts; says how far it is and what failed.
import {
  allFindings,
  applyHighlights,
  applyTranslation,
  applyWhole,
  halt,
  settle,
} from "./brief.js";
import { Problem, streamBrief, translate } from "./client.js";
import { patiently } from "./patience.js";
import { problemText } from "./problems.js";
import { number, t } from "./texts.js";

// Fills `brief` step by step and calls `changed` after each. Throws a Problem, or the abort's reason.
export async function makeBrief(brief, payload, signal, progress, changed) {
  const waiting = (seconds, skip) => {
    if (seconds > 0) progress.waiting(seconds, skip);
    else progress.waited();
  };
  const attempt = () => {
    progress.working(t("progress.sending"));
    return readSteps(brief, streamBrief(payload, signal), progress, changed);
  };
  await patiently(attempt, signal, waiting);
  const count = allFindings(brief).length;
  const values = { count: number(count) };
  progress.finished(count ? t("progress.done-findings", values) : t("progress.done"));
}

async function readSteps(brief, steps, progress, changed) {
  const all = brief.targets.length;
  let done = 0;
  for await (const { name, data } of steps) {
    if (name === "highlights") applyHighlights(brief, data);
    if (name === "translation") {
      applyTranslation(brief, data.target, data);
      done += 1;
    }
    if (name === "brief") applyWhole(brief, data);
    progress.working(t("progress.translating", { done, all }), done + 1, all + 1);
    changed();
  }
}

const running = new Map(); // unit id -> AbortController of its translation

// Translates one changed text alone; a later change of the same text takes the place of this one.
export async function translateUnit(brief, unit, changed) {
  running.get(unit.id)?.abort();
  const controller = new AbortController();
  running.set(unit.id, controller);
  const slots = Object.values(unit.translations);
  const set = (values) => {
    for (const slot of slots) Object.assign(slot, values);
    changed();
  };
  set({ state: "waiting", problem: null });
  const asked = {
    texts: [unit.base],
    targets: brief.targets,
    source_language: brief.sourceLanguage,
    strict: brief.strict,
  };
  try {
    const attempt = () => translate(asked, controller.signal);
    const answer = await patiently(attempt, controller.signal, (wait) => set({ wait }));
    if (controller.signal.aborted) return;
    for (const [target, { texts, draft }] of Object.entries(answer.translations)) {
      settle(unit, target, texts[0].text, texts[0].findings);
      brief.drafts[target] = draft;
    }
    changed();
  } catch (error) {
    if (controller.signal.aborted) return;
    if (!(error instanceof Problem)) throw error;
    set({ state: "failed", problem: problemText(error), wait: 0 });
    if (error.status === 401) throw error;
  } finally {
    if (running.get(unit.id) === controller) running.delete(unit.id);
  }
}

// Ends all translations of single texts.
export function stopTranslating(brief) {
  for (const controller of running.values()) controller.abort();
  running.clear();
  if (brief) halt(brief);
}
