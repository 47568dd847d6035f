// The formula: its LaTeX, its drawing, and its copies. Drawing and formats follow the text a moment after each change.

import { canCopyPictures, copyPicture } from "./picture.js";
import { draw, writeFormats } from "./service.js";

const FORMATS = {
  latex: "LaTeX",
  inline: "$…$",
  dollars: "$$…$$",
  parentheses: "\\(…\\)",
  display: "\\[…\\]",
  equation: "equation",
  align: "align",
  markdown: "Markdown",
  mathml: "MathML",
  typst: "Typst",
  unicode: "Unicode text",
  svg: "SVG",
  ...(canCopyPictures && { png: "PNG" }),
};
const PAUSE_MS = 150;

const field = document.getElementById("latex");
const drawing = document.getElementById("drawing");
const drawingError = document.getElementById("drawing-error");
const status = document.getElementById("status");
const buttons = {};

let texts = {};
let timer = 0;
let change = 0;

/** Says one sentence; `isWrong` for what went wrong. */
export function say(sentence, isWrong = false) {
  status.textContent = sentence;
  status.classList.toggle("wrong", isWrong);
}

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // A page that is not on this computer and not encrypted has no clipboard of that kind.
  const carrier = document.createElement("textarea");
  carrier.value = text;
  document.body.append(carrier);
  carrier.select();
  document.execCommand("copy");
  carrier.remove();
}

for (const [format, title] of Object.entries(FORMATS)) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.format = format;
  button.textContent = `Copy ${title}`;
  button.disabled = true;
  button.classList.toggle("primary", format === "latex");
  button.addEventListener("click", async () => {
    try {
      if (format === "png") await copyPicture(texts.svg);
      else await copy(format === "latex" ? field.value : texts[format]);
      say(`Copied as ${title}.`);
    } catch {
      say("The browser did not allow copying.", true);
    }
  });
  document.getElementById("formats").append(button);
  buttons[format] = button;
}

function showDrawing(svg) {
  const drawn = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  drawing.replaceChildren(document.importNode(drawn, true));
  drawing.setAttribute("aria-label", `The formula ${field.value}, drawn`);
}

/** The format that the service writes for a button: the picture is made of the drawing. */
function written(format) {
  return format === "png" ? "svg" : format;
}

function showTexts(known) {
  texts = known;
  for (const [format, button] of Object.entries(buttons)) button.disabled = !(written(format) in texts);
}

async function follow() {
  const latex = field.value;
  change += 1;
  const current = change;
  if (!latex.trim()) {
    drawing.replaceChildren();
    drawingError.textContent = "";
    showTexts({});
    return;
  }
  const [drawn, told] = await Promise.allSettled([draw(latex), writeFormats(latex)]);
  if (current !== change) return; // the text has gone on meanwhile
  const known = told.status === "fulfilled" ? told.value : {};
  if (drawn.status === "fulfilled") showDrawing(drawn.value);
  drawingError.textContent = drawn.status === "fulfilled" ? "" : drawn.reason.message;
  showTexts(known);
}

field.addEventListener("input", () => {
  clearTimeout(timer);
  buttons.latex.disabled = !field.value.trim();
  for (const format of Object.keys(FORMATS)) if (format !== "latex") buttons[format].disabled = true;
  timer = setTimeout(follow, PAUSE_MS);
});

/** Shows a formula, and makes copying it one key press. */
export async function showLatex(latex) {
  clearTimeout(timer);
  field.value = latex;
  buttons.latex.disabled = !latex.trim();
  if (latex.trim()) buttons.latex.focus();
  await follow();
}
