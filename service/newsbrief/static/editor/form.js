// The form: what is typed and chosen in it, as the API wants it and as it is kept.
import { byId } from "./elements.js";
import { count } from "./field.js";
import { limits } from "./texts.js";

const form = byId("form");
const { headline, body } = form.elements;

// Calls `changed` at every change, and `submit` instead of posting the form.
export function openForm(changed, submit) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  form.addEventListener("input", () => {
    shown();
    changed();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  for (const id of ["clear", "shortcut"]) byId(id).hidden = false;
  shown();
}

export function payload() {
  const values = typed();
  return {
    ...(values.headline.trim() && { headline: values.headline }),
    [values.format === "html" ? "body_html" : "body"]: values.body,
    source_language: values.source_language,
    targets: values.targets,
    max_highlights: Number(values.max_highlights),
    translate: ["headline", "highlights", ...(values.body_too ? ["body"] : [])],
    strict: values.strict,
  };
}

export function typed() {
  const data = new FormData(form);
  return {
    headline: data.get("headline"),
    body: data.get("body"),
    format: data.get("format"),
    source_language: data.get("source_language"),
    targets: data.getAll("targets"),
    max_highlights: data.get("max_highlights"),
    body_too: data.has("body_too"),
    strict: data.has("strict"),
  };
}

export function fillIn(values) {
  for (const name of ["headline", "body", "format", "source_language", "max_highlights"]) {
    form.elements[name].value = values[name];
  }
  for (const name of ["body_too", "strict"]) form.elements[name].checked = values[name];
  for (const box of form.querySelectorAll("[name=targets]")) {
    box.checked = values.targets.includes(box.value);
  }
  shown();
}

// As the page is when nobody has typed anything.
export function blank() {
  return {
    ...typed(),
    headline: "",
    body: "",
    format: "text",
    body_too: false,
    strict: false,
    max_highlights: "3",
  };
}

function shown() {
  headline.lang = body.lang = form.elements.source_language.value;
  byId("body-count").replaceChildren(...count(body.value, limits.body).childNodes);
}
