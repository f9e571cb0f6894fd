// Pictures that are larger than anybody needs, made smaller before they are sent: a phone's 50
// megapixels, a screenshot of a whole page. What this browser can't read goes as it is.

const LOOKED_AT = 500 * 1024; // bytes; below, no phone's photo is too large
const PIXELS = 24_000_000; // beyond, the server would have to refuse it
const FITTING = 16_000_000; // what every browser can draw
const QUALITY = 0.9;

/** Return the width and height at which a picture is sent; [width, height] as they are if it fits. */
export function fit(width, height) {
  if (width * height <= PIXELS) return [width, height];
  const scale = Math.sqrt(FITTING / (width * height));
  return [Math.max(1, Math.floor(width * scale)), Math.max(1, Math.floor(height * scale))];
}

/** Return a file that can be sent: the same one, or a smaller picture of the same name. */
export async function fitted(file) {
  if (file.size <= LOOKED_AT) return file;
  try {
    const bitmap = await createImageBitmap(file);
    const [width, height] = fit(bitmap.width, bitmap.height);
    if (width === bitmap.width) {
      bitmap.close();
      return file;
    }
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    const brush = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    brush.fillStyle = "white"; // what is clear would be black
    brush.fillRect(0, 0, width, height);
    brush.drawImage(bitmap, 0, 0, width, height);
    bitmap.close();
    /** @type {Blob | null} */
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return blob ? new File([blob], file.name, { type: blob.type }) : file;
  } catch {
    return file; // HEIC, or no picture at all: the server says what it thinks of it
  }
}
