// Light or dark: what the system wants, until the person chooses.

const button = document.getElementById("theme");
const system = matchMedia("(prefers-color-scheme: dark)");

function show(theme) {
  document.documentElement.dataset.theme = theme;
  button.textContent = theme === "dark" ? "Light" : "Dark";
}

function chosen() {
  return localStorage.getItem("theme") ?? (system.matches ? "dark" : "light");
}

show(chosen());
system.addEventListener("change", () => show(chosen()));
button.addEventListener("click", () => {
  localStorage.setItem("theme", document.documentElement.dataset.theme === "dark" ? "light" : "dark");
  show(chosen());
});
