// A drawn formula as an image, made by the browser.

const SCALE = 4; // Sharp in a text document and when printed.

/** Whether this page may put an image on the clipboard: only encrypted pages and those of this computer may. */
export const canCopyImages = Boolean(navigator.clipboard?.write && window.ClipboardItem);

/** Returns a PNG of an SVG drawing on white paper. */
async function toPng(svg) {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(image.naturalWidth * SCALE);
    canvas.height = Math.ceil(image.naturalHeight * SCALE);
    const brush = canvas.getContext("2d");
    brush.fillStyle = "white";
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The image could not be made."))), "image/png");
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Puts a PNG of an SVG drawing on the clipboard. */
export async function copyImage(svg) {
  await navigator.clipboard.write([new ClipboardItem({ "image/png": toPng(svg) })]);
}
