// The formula: its LaTeX, its drawing, and its copy. Drawing and formats follow the text a moment after each change.

import { canCopyImages, copyImage } from "./formula_image.js";
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
  ...(canCopyImages && { png: "PNG" }),
};
const PAUSE_MS = 150;

const field = document.getElementById("latex");
const drawing = document.getElementById("drawing");
const drawingError = document.getElementById("drawing-error");
const status = document.getElementById("status");
const formats = document.getElementById("format");
const copyButton = document.getElementById("copy");

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

formats.append(...Object.entries(FORMATS).map(([format, title]) => new Option(title, format)));
formats.addEventListener("change", offerCopy);
copyButton.addEventListener("click", async () => {
  const format = formats.value;
  try {
    if (format === "png") await copyImage(texts.svg);
    else await copy(format === "latex" ? field.value : texts[format]);
    say(`Copied as ${FORMATS[format]}.`);
  } catch {
    say("The browser did not allow copying.", true);
  }
});

function showDrawing(svg) {
  const drawn = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  drawing.replaceChildren(document.importNode(drawn, true));
  drawing.setAttribute("aria-label", `The formula ${field.value}, drawn`);
}

/** Lets the chosen format be copied once its text is there; LaTeX is as it stands in the field. */
function offerCopy() {
  const format = formats.value;
  const isWritten = (format === "png" ? "svg" : format) in texts; // the image is made of the drawing
  copyButton.disabled = format === "latex" ? !field.value.trim() : !isWritten;
}

function showTexts(known) {
  texts = known;
  offerCopy();
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
  showTexts({});
  timer = setTimeout(follow, PAUSE_MS);
});

/** Shows a formula, and makes copying it one key press. */
export async function showLatex(latex) {
  clearTimeout(timer);
  field.value = latex;
  showTexts({});
  copyButton.focus(); // LaTeX can be copied at once; other formats have to be written first
  await follow();
  if (document.activeElement === document.body) copyButton.focus();
}
