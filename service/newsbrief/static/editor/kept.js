// What was typed, kept in this browser alone: for this tab, and for when the tab was closed.
const NAME = "newsbrief.draft";

// False where the browser has no room for it.
export function keep(draft) {
  const text = JSON.stringify(draft);
  try {
    sessionStorage.setItem(NAME, text); // two tabs with two articles don't overwrite each other
    localStorage.setItem(NAME, text);
    return true;
  } catch {
    return false;
  }
}

export function recall() {
  try {
    return JSON.parse(sessionStorage.getItem(NAME) ?? localStorage.getItem(NAME));
  } catch {
    return null;
  }
}

export function forget() {
  sessionStorage.removeItem(NAME);
  localStorage.removeItem(NAME);
}
