// Asks the service. Every failure comes as an Error whose message is one sentence for the person.

async function ask(path, body) {
  let answer;
  try {
    answer = await fetch(path, { method: "POST", ...body });
  } catch {
    throw new Error("The service does not answer; it may have ended.");
  }
  const content = await answer.json().catch(() => ({ error: "The service's answer cannot be read." }));
  if (!answer.ok || content.error) {
    throw new Error(content.error ?? "The service refused.");
  }
  return content;
}

function askInJson(path, content) {
  return ask(path, { headers: { "Content-Type": "application/json" }, body: JSON.stringify(content) });
}

/** Reads one image (a Blob); gives the formula with its alternatives. */
export async function recognise(image) {
  const form = new FormData();
  form.append("image", image, "formula.png");
  form.append("alternatives", "3");
  const { formulas } = await ask("/recognise", { body: form });
  return formulas[0];
}

/** Draws LaTeX; gives SVG text. */
export async function draw(latex) {
  return (await askInJson("/draw", { latex })).svg;
}

/** Writes LaTeX in every format that it has. */
export async function writeFormats(latex) {
  return (await askInJson("/formats", { latex })).texts;
}
