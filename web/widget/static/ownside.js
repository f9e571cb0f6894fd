// What the customer turns on and off while a call is held.

import { windowTrack } from "./showing.js";
/** @import { Peer } from "./peer.js" */

export class OwnSide {
  /** peer(): the line, while there is one · onChange(): anything changed. @param {{peer: () => Peer | null, onChange: () => unknown}} parts */
  constructor({ peer, onChange }) {
    this.peer = peer;
    this.onChange = onChange;
  }

  /** Turn the microphone on or off. */
  toggleMic() {
    const peer = this.peer();
    peer?.setMic(!peer.mic);
    this.onChange();
  }

  /** Turn the camera on or off. */
  async toggleCamera() {
    const peer = this.peer();
    await peer?.setCamera(!peer.camera).catch(() => {});
    this.onChange();
  }

  /** Turn to a phone's other camera. */
  async flip() {
    await this.peer()?.flip().catch(() => {});
    this.onChange();
  }

  /** Show a window in place of the camera; who chooses none shows none. */
  async share() {
    const track = await windowTrack().catch(() => null);
    const peer = this.peer();
    if (track && peer) await peer.show(track, "window");
    else track?.stop();
    this.onChange();
  }

  /** Show the camera again. */
  async unshare() {
    await this.peer()?.show(null);
    this.onChange();
  }
}
