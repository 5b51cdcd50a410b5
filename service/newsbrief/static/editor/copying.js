// Puts one language or all on the clipboard: as text, as an HTML list, or as JSON.
import { element } from "./elements.js";
import { language as spoken, t } from "./texts.js";

const FORMATS = ["text", "html", "json"];

// `target` null stands for all languages.
export function copyButtons(name, target, copy) {
  const made = FORMATS.map((format) => {
    const shown = t(`copy.${format}`);
    const label = t("copy.as", { language: name, format: shown });
    const click = () => copy(target, format, name);
    return element("button", { type: "button", class: "quiet", "aria-label": label, click }, shown);
  });
  const title = target === null ? `${t("copy.title")}: ${name}` : t("copy.title");
  return [element("span", { class: "label" }, title), ...made];
}

export function rendered(brief, target, format) {
  const languages = target === null ? [brief.sourceLanguage, ...brief.targets] : [target];
  const texts = languages.map((language) => textsOf(brief, language));
  if (format === "text") return texts.map(asText).join("\n\n");
  if (format === "html") return texts.map(asHtml).join("\n");
  if (target !== null) return JSON.stringify(texts[0], null, 2);
  const { id, pack } = brief;
  return JSON.stringify({ id, pack, languages: texts }, null, 2);
}

export async function toClipboard(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // A page that came over plain HTTP from another machine has no clipboard of its own.
  const area = element("textarea", { class: "visually-hidden" });
  const focused = document.activeElement;
  area.value = text;
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  focused?.focus();
  if (!copied) throw new Error("refused");
}

function textsOf(brief, language) {
  const own = language === brief.sourceLanguage;
  const text = (unit) => (own ? unit.text : unit.translations[language].text);
  const body = own ? null : brief.bodies[language]?.map((paragraph) => paragraph.text);
  return {
    language,
    headline: text(brief.headline),
    highlights: brief.highlights.map(text).filter(Boolean),
    ...(body && { body }),
    ...(brief.drafts[language] && { draft: true }),
  };
}

// In the language of the page: it is for whoever copies, and stands out from the text.
function draftMark() {
  return `[${t("translations.draft")}] ${t("translations.draft-hint")}`;
}

function asText({ headline, highlights, body = [], draft }) {
  const list = highlights.map((text) => `• ${text}`).join("\n");
  return [draft && draftMark(), headline, list, ...body].filter(Boolean).join("\n\n");
}

function asHtml({ language, headline, highlights, body = [], draft }) {
  const items = highlights.flatMap((text) => ["\n  ", element("li", {}, text)]);
  const parts = [
    draft ? element("p", { lang: spoken }, draftMark()) : null,
    headline ? element("h2", { lang: language }, headline) : null,
    element("ul", { lang: language }, ...items, "\n"),
    ...body.filter(Boolean).map((text) => element("p", { lang: language }, text)),
  ];
  return parts.map((part) => part?.outerHTML).filter(Boolean).join("\n");
}
