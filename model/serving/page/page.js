// The page: an image comes in by dropping, pasting or choosing, is read, and its formula is shown.

import { chooseWhole, chosenPart, showImage } from "./cropper.js";
import { say, showLatex } from "./formula_editor.js";
import { remember } from "./history.js";
import { recognise } from "./service.js";
import "./theme.js";

const drop = document.getElementById("drop");
const file = document.getElementById("file");

let image = null;
let reading = 0;

function showAlternatives(alternatives) {
  document.getElementById("others").hidden = alternatives.length === 0;
  document.getElementById("alternatives").replaceChildren(
    ...alternatives.map(({ latex, confidence }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = latex;
      const share = document.createElement("small");
      share.textContent = ` ${Math.round(100 * confidence)} %`;
      button.append(share);
      button.addEventListener("click", () => showLatex(latex));
      const entry = document.createElement("li");
      entry.append(button);
      return entry;
    }),
  );
}

async function read() {
  reading += 1;
  const current = reading;
  say("Reading…");
  try {
    const formula = await recognise(await chosenPart(image));
    if (current !== reading) return; // another image has come meanwhile
    const sure = `${Math.round(100 * formula.confidence)} % sure, ${formula.seconds.toFixed(2)} s`;
    say(formula.latex ? `Read: ${sure}.` : "The image was read as an empty formula.");
    showAlternatives(formula.alternatives);
    if (formula.latex) remember(formula.latex, showLatex);
    await showLatex(formula.latex);
  } catch (error) {
    if (current === reading) say(error.message, true);
  }
}

async function take(candidate) {
  if (!candidate) return;
  try {
    await showImage(candidate);
  } catch {
    say("The browser cannot show this file; is it an image?", true);
    return;
  }
  image = candidate;
  await read();
}

file.addEventListener("change", () => take(file.files[0]));
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  drop.classList.add("over");
});
document.addEventListener("dragleave", () => drop.classList.remove("over"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  const dropped = event.dataTransfer.files[0];
  if (dropped) take(dropped);
  else say("What was dropped is no file; save the image first, or paste it.", true);
});
document.addEventListener("paste", (event) => {
  const pasted = [...event.clipboardData.files].find(({ type }) => type.startsWith("image/"));
  if (!pasted) return; // text goes where the cursor is
  event.preventDefault();
  take(pasted);
});
document.getElementById("read").addEventListener("click", read);
document.getElementById("whole").addEventListener("click", () => {
  chooseWhole();
  read();
});
