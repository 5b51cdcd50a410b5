// Builds elements and keeps lists of them. Strings become text, never markup.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

export function byId(id) {
  return document.getElementById(id);
}

const shown = new WeakMap();

// Makes the children of `parent` one view for each item, in order. A view, {node, update(item,
// index)}, lives as long as its item's key, so that focus and caret outlast every update.
export function keyed(parent, items, keyOf, make) {
  const before = shown.get(parent) ?? new Map();
  const after = new Map(items.map((item) => [keyOf(item), before.get(keyOf(item)) ?? make(item)]));
  for (const [key, view] of before) if (!after.has(key)) view.node.remove();
  shown.set(parent, after);
  const focused = document.activeElement;
  [...after.values()].forEach((view, index) => {
    const place = parent.children[index] ?? null;
    if (place !== view.node) parent.insertBefore(view.node, place);
    view.update(items[index], index);
  });
  if (focused !== document.activeElement && parent.contains(focused)) {
    focused.focus({ preventScroll: true });
  }
}

// Takes the children away that `keyed` or `refresh` made.
export function empty(parent) {
  shown.delete(parent);
  parent.replaceChildren();
}

// Replaces the content of `node` only when what it is made from has changed.
export function refresh(node, source, make) {
  const signature = JSON.stringify(source);
  if (shown.get(node) === signature) return;
  shown.set(node, signature);
  node.replaceChildren(...make());
}
