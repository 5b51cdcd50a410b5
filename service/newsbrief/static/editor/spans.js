// The API counts in code points, JavaScript in UTF-16 units: these go between the two.

export function length(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

export function slice(text, start, end) {
  return [...text].slice(start, end).join("");
}

// The UTF-16 offset of a code point.
export function offset(text, point) {
  return [...text].slice(0, point).join("").length;
}

// The paragraphs of a body, each as stretches {text, marked} by the spans given.
export function marked(body, spans) {
  const points = [...body];
  const flags = new Uint8Array(points.length);
  for (const { start, end } of spans) flags.fill(1, start, end);
  const paragraphs = [];
  let start = 0;
  for (const paragraph of body.split("\n\n")) {
    const end = start + length(paragraph);
    const stretches = [];
    for (let at = start; at < end; ) {
      let next = at;
      while (next < end && flags[next] === flags[at]) next += 1;
      stretches.push({ text: points.slice(at, next).join(""), marked: flags[at] === 1 });
      at = next;
    }
    paragraphs.push(stretches);
    start = end + 2;
  }
  return paragraphs;
}
