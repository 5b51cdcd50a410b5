// The article as the service read it, with the sentences marked that the selected highlight rests on.
import { byId, element, empty, refresh } from "./elements.js";
import { marked } from "./spans.js";
import { t } from "./texts.js";

export function sourceView() {
  const section = byId("source");
  const caption = byId("source-caption");
  const box = byId("source-text");

  return function update(brief, selected) {
    section.hidden = brief === null || brief.body === null;
    if (section.hidden) {
      empty(box);
      return;
    }
    const place = brief.highlights.findIndex((unit) => unit.id === selected);
    const spans = place < 0 ? [] : brief.highlights[place].sources;
    const values = { number: place + 1 };
    const key = spans.length > 0 ? "marked" : place < 0 ? "none" : "unmarked";
    refresh(caption, [key, place], () => [t(`source.${key}`, values)]);
    box.lang = brief.sourceLanguage;
    refresh(box, [brief.body, spans, place], () => {
      queueMicrotask(() => bringIntoView(box));
      return marked(brief.body, spans).map((stretches) =>
        element("p", {}, ...stretches.map((each) => stretch(each, place + 1))),
      );
    });
  };
}

function stretch({ text, marked: isMarked }, number) {
  if (!isMarked) return text;
  return element("mark", { "data-number": number }, text);
}

// Scrolls the box alone: the page stays where the editor works.
function bringIntoView(box) {
  const mark = box.querySelector("mark");
  if (mark) box.scrollTop += mark.getBoundingClientRect().top - box.getBoundingClientRect().top - 24;
}
