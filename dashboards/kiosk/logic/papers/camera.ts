/** As fine as a page of A4 needs; the browser takes what comes nearest. */
const WANTED: MediaStreamConstraints = {
  audio: false,
  video: { width: { ideal: 2560 }, height: { ideal: 1440 }, facingMode: { ideal: "environment" } },
};

/** Lets a page see through the station's camera until the returned function is called. */
export function openCamera(
  video: HTMLVideoElement,
  tell: (state: "ready" | "missing") => void,
  devices: MediaDevices | undefined = navigator.mediaDevices,
): () => void {
  let isOver = false;
  let stream: MediaStream | null = null;
  const close = () => {
    isOver = true;
    stream?.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  };
  async function open(): Promise<void> {
    if (!devices) throw new Error("no camera");
    stream = await devices.getUserMedia(WANTED);
    if (isOver) return close();
    stream.getVideoTracks()[0]?.addEventListener("ended", () => tell("missing"));
    video.srcObject = stream;
    await video.play();
    if (!isOver) tell("ready");
  }
  open().catch(() => {
    if (!isOver) tell("missing");
  });
  return close;
}
