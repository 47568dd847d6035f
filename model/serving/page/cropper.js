// The image and the rectangle that is read of it. The four number fields are the rectangle's only home: dragging sets
// them, and whoever has no pointer types into them.

const shown = document.getElementById("image");
const stage = document.getElementById("stage");
const selection = document.getElementById("selection");
const fields = Object.fromEntries(
  ["left", "top", "width", "height"].map((name) => [name, document.getElementById(`crop-${name}`)]),
);

function clamp(value, least, most) {
  return Math.min(Math.max(Math.round(value) || 0, least), most);
}

/** The rectangle, inside the image and not empty. */
function rectangle() {
  const left = clamp(fields.left.valueAsNumber, 0, shown.naturalWidth - 2);
  const top = clamp(fields.top.valueAsNumber, 0, shown.naturalHeight - 2);
  return {
    left,
    top,
    width: clamp(fields.width.valueAsNumber, 2, shown.naturalWidth - left),
    height: clamp(fields.height.valueAsNumber, 2, shown.naturalHeight - top),
  };
}

function isWhole({ width, height }) {
  return width === shown.naturalWidth && height === shown.naturalHeight;
}

function mark() {
  const { left, top, width, height } = rectangle();
  const scale = shown.clientWidth / shown.naturalWidth;
  selection.style.left = `${left * scale}px`;
  selection.style.top = `${top * scale}px`;
  selection.style.width = `${width * scale}px`;
  selection.style.height = `${height * scale}px`;
  selection.hidden = isWhole({ width, height });
}

function setRectangle(values) {
  for (const [name, value] of Object.entries(values)) fields[name].value = Math.round(value);
  mark();
}

/** Chooses the whole image. */
export function chooseWhole() {
  setRectangle({ left: 0, top: 0, width: shown.naturalWidth, height: shown.naturalHeight });
}

/** Shows an image (a Blob), all of it chosen. */
export async function showImage(image) {
  URL.revokeObjectURL(shown.src);
  shown.src = URL.createObjectURL(image);
  await shown.decode();
  document.getElementById("crop").hidden = false;
  chooseWhole();
}

/** The chosen part as a Blob; the image itself where that is all of it. */
export async function chosenPart(image) {
  const chosen = rectangle();
  if (isWhole(chosen)) return image;
  const canvas = document.createElement("canvas");
  canvas.width = chosen.width;
  canvas.height = chosen.height;
  const { left, top, width, height } = chosen;
  canvas.getContext("2d").drawImage(shown, left, top, width, height, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

let start = null;

function pointAt(event) {
  const box = shown.getBoundingClientRect();
  const scale = shown.naturalWidth / box.width;
  return {
    x: clamp((event.clientX - box.left) * scale, 0, shown.naturalWidth),
    y: clamp((event.clientY - box.top) * scale, 0, shown.naturalHeight),
  };
}

stage.addEventListener("pointerdown", (event) => {
  start = pointAt(event);
  stage.setPointerCapture(event.pointerId);
  event.preventDefault();
});
stage.addEventListener("pointermove", (event) => {
  if (!start) return;
  const end = pointAt(event);
  setRectangle({
    left: Math.min(start.x, end.x),
    top: Math.min(start.y, end.y),
    width: Math.abs(start.x - end.x),
    height: Math.abs(start.y - end.y),
  });
});
stage.addEventListener("pointerup", (event) => {
  const end = pointAt(event);
  if (start && Math.abs(start.x - end.x) < 3 && Math.abs(start.y - end.y) < 3) chooseWhole();
  start = null;
});
for (const field of Object.values(fields)) field.addEventListener("input", mark);
window.addEventListener("resize", () => shown.naturalWidth && mark());
