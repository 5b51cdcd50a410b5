// Opens a .txt or .html file that was dropped anywhere on the page, or chosen.
import { byId } from "./elements.js";
import { limits, number, t } from "./texts.js";

const KINDS = { txt: "text", text: "text", html: "html", htm: "html" };
const MEGABYTE = 1_000_000;

// `opened(text, format, name)` gets the content, `refused(message)` why there is none.
export function openFiles(opened, refused) {
  const chooser = byId("file");
  byId("opener").hidden = false;
  byId("open").addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", () => {
    if (chooser.files[0]) read(chooser.files[0]);
    chooser.value = "";
  });

  // Everywhere, since a file that misses the field would else replace the page.
  const carriesFile = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) document.body.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    document.body.classList.remove("dropping");
    if (!carriesFile(event)) return;
    event.preventDefault();
    read(event.dataTransfer.files[0]);
  });

  async function read(file) {
    const { name } = file;
    const kind = KINDS[name.split(".").pop().toLowerCase()];
    if (!kind) return refused(t("file.kind", { name }));
    if (file.size > limits.bytes) {
      const megabytes = (bytes) => number(Math.round(bytes / (MEGABYTE / 10)) / 10);
      const values = { name, size: megabytes(file.size), limit: megabytes(limits.bytes) };
      return refused(t("file.size", values));
    }
    try {
      const decoder = new TextDecoder("utf-8", { fatal: true });
      return opened(decoder.decode(await file.arrayBuffer()), kind, name);
    } catch {
      return refused(t("file.encoding", { name }));
    }
  }
}
