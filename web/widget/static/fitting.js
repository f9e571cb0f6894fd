// Pictures that are too large are made smaller before they are sent, where this browser can read them.

export const LARGEST = 8 * 1024 * 1024; // bytes that the server takes
const SMALL = 2 * 1024 * 1024; // bytes below which a picture is rarely too large to look
const PIXELS = 30e6; // that the server takes of every kind
const AREA = 16e6; // pixels of a canvas that every phone can draw on
const SIDE = 4096; // the narrow side, as the server keeps it
const STRETCH = 16000; // the long one, of a screenshot
const QUALITIES = [0.86, 0.6];

/**
 * Return what is to be sent for a picture: itself, or a smaller one where it has too many bytes or pixels.
 * What this browser can't read (HEIC) goes as it is, for the server reads it. always: however small it is.
 * @param {File} file
 */
export async function fitted(file, always = false) {
  if (file.size <= SMALL && !always) return file;
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return file;
  const { width, height } = bitmap;
  const fits = !always && file.size <= LARGEST && width * height <= PIXELS;
  const smaller = fits ? null : await drawn(bitmap, scaleOf(width, height));
  bitmap.close();
  return smaller ? new File([smaller], file.name, { type: smaller.type }) : file;
}

/** Return by how much a picture is to be scaled. @param {number} width @param {number} height */
export function scaleOf(width, height) {
  const [narrow, long] = width < height ? [width, height] : [height, width];
  return Math.min(1, SIDE / narrow, STRETCH / long, Math.sqrt(AREA / (width * height)));
}

/** @param {ImageBitmap} bitmap @param {number} scale */
async function drawn(bitmap, scale) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.floor(bitmap.width * scale));
  canvas.height = Math.max(1, Math.floor(bitmap.height * scale));
  const pen = canvas.getContext("2d");
  if (!pen) return null;
  pen.fillStyle = "white"; // where it is clear
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  for (const quality of QUALITIES) {
    /** @type {Blob | null} */
    const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (made && made.size <= LARGEST) return made;
  }
  return null;
}
