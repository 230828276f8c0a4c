// @ts-check
/** The WebSocket over which the broker pushes events. */

/** What a socket needs of its broker. @typedef {{ core(): import("./glue.d.ts").Core, sockets: Set<any> }} Owner */

/** The sub-protocol of events. */
const PROTOCOL = "ls";
const PATH = "/ClientEventsWS";

const [CONNECTING, OPEN, CLOSING, CLOSED] = [0, 1, 2, 3];

/** Codes of a close (RFC 6455 §7.4.1). */
const NORMAL = 1000;
const NO_STATUS = 1005;
const ABNORMAL = 1006;

/**
 * Makes the class `WebSocket` of a broker.
 *
 * @param {Owner} owner
 */
export function socketClass(owner) {
  return class WebSocket extends EventTarget {
    static CONNECTING = CONNECTING;
    static OPEN = OPEN;
    static CLOSING = CLOSING;
    static CLOSED = CLOSED;

    CONNECTING = CONNECTING;
    OPEN = OPEN;
    CLOSING = CLOSING;
    CLOSED = CLOSED;
    readyState = CONNECTING;
    protocol = "";
    extensions = "";
    bufferedAmount = 0;
    /** @type {"blob" | "arraybuffer"} */
    binaryType = "blob";
    url;
    /** @type {number | undefined} */
    #number;
    /** @type {Map<string, (event: Event) => void>} */
    #handlers = new Map();

    /**
     * @param {string | URL} url
     * @param {string | string[]} [protocols]
     */
    constructor(url, protocols = []) {
      super();
      const address = new URL(url);
      address.protocol = address.protocol.replace("http", "ws");
      if (!/^wss?:$/.test(address.protocol))
        throw new SyntaxError("The URL of a WebSocket begins with wss: or ws:.");
      this.url = address.href;
      const isServed = address.pathname === PATH && [protocols].flat().includes(PROTOCOL);
      // As over a network, nothing happens before the caller has added its listeners.
      later(() => {
        if (this.readyState !== CONNECTING) return;
        if (!isServed) return this.fail();
        this.#number = owner.core().connect();
        owner.sockets.add(this);
        this.protocol = PROTOCOL;
        this.readyState = OPEN;
        this.#dispatch("open");
      });
    }

    /** @param {unknown} frame a text; the broker closes a socket over which bytes come */
    send(frame) {
      if (this.readyState === CONNECTING)
        throw new DOMException("The socket is not open yet.", "InvalidStateError");
      later(() => {
        if (this.readyState !== OPEN || this.#number === undefined) return;
        const reply = typeof frame === "string" ? owner.core().receive(this.#number, frame) : null;
        if (reply === null) return this.#end(NO_STATUS, true);
        if (reply !== undefined) this.#deliver(reply);
        this.pump();
      });
    }

    /** Delivers the events that wait. */
    pump() {
      while (this.readyState === OPEN && this.#number !== undefined) {
        const frame = owner.core().nextFrame(this.#number);
        if (frame === undefined) return;
        if (frame === null) return this.#end(NO_STATUS, true);
        this.#deliver(frame);
      }
    }

    /**
     * @param {number} [code]
     * @param {string} [reason]
     */
    close(code = NORMAL, reason = "") {
      if (this.readyState >= CLOSING) return;
      const wasOpen = this.readyState === OPEN;
      this.readyState = CLOSING;
      later(() => (wasOpen ? this.#end(code, true, reason) : this.fail()));
    }

    /** The connection breaks. */
    fail() {
      if (this.readyState === CLOSED) return;
      this.#release();
      this.#dispatch("error");
      this.#dispatch("close", { code: ABNORMAL, reason: "", wasClean: false });
    }

    /** @param {string} data */
    #deliver(data) {
      later(() => {
        if (this.readyState === OPEN) this.#dispatch("message", { data, origin: new URL(this.url).origin });
      });
    }

    /**
     * @param {number} code
     * @param {boolean} wasClean
     * @param {string} [reason]
     */
    #end(code, wasClean, reason = "") {
      if (this.readyState === CLOSED) return;
      // What has been delivered before comes first.
      later(() => {
        if (this.readyState === CLOSED) return;
        this.#release();
        this.#dispatch("close", { code, reason, wasClean });
      });
    }

    #release() {
      this.readyState = CLOSED;
      owner.sockets.delete(this);
      if (this.#number !== undefined) owner.core().disconnect(this.#number);
      this.#number = undefined;
    }

    /**
     * @param {string} type
     * @param {object} [properties]
     */
    #dispatch(type, properties) {
      this.dispatchEvent(Object.assign(new Event(type), properties));
    }

    get onopen() {
      return this.#handlers.get("open") ?? null;
    }
    set onopen(handler) {
      this.#handle("open", handler);
    }
    get onmessage() {
      return this.#handlers.get("message") ?? null;
    }
    set onmessage(handler) {
      this.#handle("message", handler);
    }
    get onerror() {
      return this.#handlers.get("error") ?? null;
    }
    set onerror(handler) {
      this.#handle("error", handler);
    }
    get onclose() {
      return this.#handlers.get("close") ?? null;
    }
    set onclose(handler) {
      this.#handle("close", handler);
    }

    /**
     * @param {string} type
     * @param {((event: Event) => void) | null} handler
     */
    #handle(type, handler) {
      const before = this.#handlers.get(type);
      if (before) this.removeEventListener(type, before);
      this.#handlers.delete(type);
      if (!handler) return;
      this.#handlers.set(type, handler);
      this.addEventListener(type, handler);
    }
  };
}

/** After what runs now. @param {() => void} work */
const later = (work) => void Promise.resolve().then(work);
