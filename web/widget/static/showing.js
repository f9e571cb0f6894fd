// What is shown in a call in place of the camera's picture, and stills of what is seen. No words, no server.

const SIZE = { width: 1280, height: 960 }; // of a drawn picture: the stage's form
const TOP = 150; // of steps: what the page says about the call lies above them
const AGAIN = 500; // ms between two drawings: a line that opens later gets its first frame by this

/** True where this browser can show a window or the screen. */
export function canShare() {
  return Boolean(navigator.mediaDevices?.getDisplayMedia);
}

/** Resolve to the track of a window that the person chooses; rejects where they choose none. */
export async function windowTrack() {
  const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: false });
  return stream.getVideoTracks()[0];
}

/** Resolve to whether there is another camera to turn to. */
export async function hasTwoCameras() {
  const devices = (await navigator.mediaDevices?.enumerateDevices?.().catch(() => [])) ?? [];
  return devices.filter(({ kind }) => kind === "videoinput").length > 1;
}

/**
 * Return the track of a canvas; draw(pen, width, height) draws it.
 * @param {(pen: CanvasRenderingContext2D, width: number, height: number) => unknown} draw
 */
function drawnTrack(draw) {
  const canvas = Object.assign(document.createElement("canvas"), SIZE);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const again = () => draw(pen, SIZE.width, SIZE.height);
  again();
  const [track] = canvas.captureStream(4).getVideoTracks();
  const timer = setInterval(() => (track.readyState === "ended" ? clearInterval(timer) : again()), AGAIN);
  return track;
}

/** Resolve to the track of a picture; rejects where the file is none that this browser can show. @param {Blob} file */
export async function pictureTrack(file) {
  const picture = await createImageBitmap(file);
  return drawnTrack((pen, width, height) => {
    const scale = Math.min(width / picture.width, height / picture.height);
    const [wide, high] = [picture.width * scale, picture.height * scale];
    pen.fillStyle = "#17110e";
    pen.fillRect(0, 0, width, height);
    pen.drawImage(picture, (width - wide) / 2, (height - high) / 2, wide, high);
  });
}

/** Return the track of steps, one a line, in the largest letters that fit. @param {string[]} steps */
export function stepsTrack(steps) {
  return drawnTrack((pen, width, height) => {
    pen.fillStyle = "#fffdf9";
    pen.fillRect(0, 0, width, height);
    pen.fillStyle = "#2b1d14";
    pen.textBaseline = "top";
    for (let size = 68; size >= 24; size -= 4) {
      pen.font = `500 ${size}px system-ui, sans-serif`;
      const lines = steps.flatMap((step, at) => [...wrapped(pen, steps.length > 1 ? `${at + 1}. ${step}` : step, width - 120), ""]);
      if (lines.length * size * 1.25 > height - TOP - 40 && size > 24) continue;
      lines.forEach((line, at) => pen.fillText(line, 60, TOP + at * size * 1.25));
      return;
    }
  });
}

/** Resolve to a still of a track, a JPEG as large as its picture. @param {MediaStreamTrack} track */
export async function still(track) {
  const video = document.createElement("video");
  Object.assign(video, { muted: true, playsInline: true });
  video.srcObject = new MediaStream([track]);
  await video.play();
  const canvas = Object.assign(document.createElement("canvas"), { width: video.videoWidth, height: video.videoHeight });
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).drawImage(video, 0, 0);
  video.srcObject = null;
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.9));
  if (!blob) throw new Error("no still");
  return new File([blob], "still.jpg", { type: "image/jpeg" });
}

/** @param {CanvasRenderingContext2D} pen @param {string} text @param {number} width */
function wrapped(pen, text, width) {
  const lines = [""];
  for (const letter of text) {
    if (pen.measureText(lines.at(-1) + letter).width > width) lines.push("");
    lines[lines.length - 1] += letter;
  }
  return lines;
}
