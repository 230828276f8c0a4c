// @ts-check
/**
 * A double of the host's WebSocket, which opens and then receives nothing. Node 20 has no WebSocket.
 */

export class QuietSocket extends EventTarget {
  constructor() {
    super();
    queueMicrotask(() => this.dispatchEvent(new Event("open")));
  }
  send() {}
  close() {
    queueMicrotask(() => this.dispatchEvent(new Event("close")));
  }
}
