// How far the work is, and the buttons to cancel it, hurry it or do it again.
import { byId } from "./elements.js";
import { t } from "./texts.js";

export function progressView({ cancel, again }) {
  const text = byId("progress-text");
  const clock = byId("countdown");
  const bar = byId("progress-bar");
  const buttons = { cancel: byId("cancel"), now: byId("now"), again: byId("again") };
  let skip = () => {};
  buttons.cancel.addEventListener("click", cancel);
  buttons.now.addEventListener("click", () => skip());
  buttons.again.addEventListener("click", again);

  function show(message, names) {
    text.textContent = message;
    for (const [name, button] of Object.entries(buttons)) button.hidden = !names.includes(name);
    bar.hidden = !names.includes("cancel");
  }

  return {
    working(message, done = 0, all = 0) {
      show(message, ["cancel"]);
      if (all > 0) Object.assign(bar, { max: all, value: done });
      else bar.removeAttribute("value");
    },
    // Said once to those who listen, then counted down for those who see.
    waiting(seconds, hurry) {
      skip = hurry;
      clock.textContent = t("progress.waiting", { seconds });
      if (clock.hidden) show(clock.textContent, ["cancel", "now"]);
      clock.hidden = false;
      text.classList.add("visually-hidden");
    },
    waited() {
      clock.hidden = true;
      text.classList.remove("visually-hidden");
    },
    finished(message) {
      show(message, []);
    },
    stopped(message) {
      show(message, ["again"]);
    },
  };
}
