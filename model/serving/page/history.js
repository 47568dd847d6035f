// What was read during this visit. It lives in this page alone and is gone with it.

const list = document.getElementById("history");

/** Adds a formula; `show` is called when the person wants it back. */
export function remember(latex, show) {
  document.getElementById("past-empty").hidden = true;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = latex;
  button.addEventListener("click", () => show(latex));
  const entry = document.createElement("li");
  entry.append(button);
  list.prepend(entry);
}
