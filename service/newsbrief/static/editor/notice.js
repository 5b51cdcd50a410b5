// A short message at the foot of the page, with a way back where there is one.
import { byId, element } from "./elements.js";
import { t } from "./texts.js";

export function notify(message, undo = null) {
  const bar = byId("notice");
  const clear = () => bar.replaceChildren();
  const back = () => {
    clear();
    undo();
  };
  bar.replaceChildren(
    element("span", {}, message),
    undo && element("button", { type: "button", id: "undo", click: back }, t("results.undo")),
    element("button", { type: "button", class: "quiet", click: clear }, t("notice.close")),
  );
}
