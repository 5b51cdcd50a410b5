// What was typed, kept in this browser alone: for this tab, and for when the tab was closed.
import { limits } from "./texts.js";

const NAME = "newsbrief.draft";
const DAY = 24 * 60 * 60 * 1000; // milliseconds

// False where the browser has no room for it.
export function keep(draft) {
  const text = JSON.stringify({ ...draft, at: Date.now() });
  try {
    sessionStorage.setItem(NAME, text); // two tabs with two articles don't overwrite each other
    if (limits.keepDays > 0) localStorage.setItem(NAME, text);
    return true;
  } catch {
    return false;
  }
}

// What has been left too long, or may not be kept here at all, is taken out of the browser too.
export function recall() {
  try {
    const own = read(sessionStorage, limits.keepDays || Infinity);
    const last = read(localStorage, limits.keepDays);
    return own ?? last;
  } catch {
    return null;
  }
}

function read(storage, days) {
  const draft = JSON.parse(storage.getItem(NAME));
  if (draft && Math.abs(Date.now() - draft.at) < days * DAY) return draft;
  storage.removeItem(NAME);
  return null;
}

export function forget() {
  sessionStorage.removeItem(NAME);
  localStorage.removeItem(NAME);
}
