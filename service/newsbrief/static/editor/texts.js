// What the page says, in the language it was served in; the server put the catalogue in the page.
const page = JSON.parse(document.getElementById("interface").textContent);

// `answered` is the brief that the server put in the page when the form was posted without a script.
export const { answered, language, limits } = page;

export function t(key, values = {}) {
  return fill(page.texts[key], values);
}

export function has(key) {
  return key in page.texts;
}

export function languageName(code) {
  return page.texts[`language.${code}`] ?? code;
}

export function capitalised(text) {
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
}

export function number(value) {
  return new Intl.NumberFormat(language).format(value);
}

// The text cut at its {name} places: names at odd indices, as String.split with a group gives them.
export function pieces(key) {
  return page.texts[key].split(/\{(\w+)\}/);
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
}
