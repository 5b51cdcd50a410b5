// What went wrong, in words: what it is, what to do, and the service's own message as a detail.
import { byId, element } from "./elements.js";
import { has, t } from "./texts.js";

const FIELDS = {
  headline: "headline",
  body: "body",
  body_html: "body",
  max_highlights: "max-highlights",
  source_language: "source-language",
};

export function problemText(problem) {
  const key = `problem.${problem.name}`;
  return t(has(key) ? key : "problem.other", { status: problem.status });
}

export function showProblem(problem) {
  const detail = { class: "detail", id: "problem-detail" };
  const own = element("span", { lang: "en" }, problem.detail);
  const id = problem.requestId;
  byId("problem").replaceChildren(
    element(
      "div",
      { class: "problem" },
      element("p", {}, element("strong", {}, problemText(problem))),
      element("p", {}, t("problem.kept")),
      problem.detail ? element("p", detail, `${t("problem.detail")} `, own) : null,
      id ? element("p", { class: "detail" }, t("problem.reference", { id })) : null,
    ),
  );
  const wrong = byId(FIELDS[String(problem.field).split(".")[0]]);
  if (wrong) {
    wrong.setAttribute("aria-invalid", "true");
    wrong.setAttribute("aria-errormessage", "problem-detail");
  }
}

export function clearProblem() {
  byId("problem").replaceChildren();
  for (const field of document.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-errormessage");
  }
}
