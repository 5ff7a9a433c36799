// What node-redis throws, by class and message. Its errors' `name` is "Error"; users tell them apart by
// class or by text, so the classes here have the same names.

/** What node-redis throws for an error that the server answers: the message starts with its code (`WRONGTYPE …`). */
export class SimpleError extends Error {}

/** A command on a client that is not connected, or was closed. Nothing was sent. */
export class ClientClosedError extends Error {
  constructor() {
    super("The client is closed");
  }
}

/** A command while the client is connecting again. Nothing was sent. */
export class ClientOfflineError extends Error {
  constructor() {
    super("The client is offline");
  }
}

/** `destroy()` was called while the command was under way. */
export class DisconnectsClientError extends Error {
  constructor() {
    super("Disconnects client");
  }
}

/** The server closed the connection: whether the command took effect is unknown. */
export class SocketClosedUnexpectedlyError extends Error {
  constructor() {
    super("Socket closed unexpectedly");
  }
}

/** No answer in time: whether the command took effect is unknown. */
export class SocketTimeoutError extends Error {
  constructor(timeoutMs: number) {
    super(`Socket timeout timeout. Expecting data, but didn't receive any in ${timeoutMs}ms.`);
  }
}

/** Used by commands: an error answer. */
export function redisError(message: string): SimpleError {
  return new SimpleError(message);
}

/** The key holds a value of another type. */
export function wrongType(): SimpleError {
  return redisError("WRONGTYPE Operation against a key holding the wrong kind of value");
}

/** An argument that has to be an integer is none. */
export function notAnInteger(): SimpleError {
  return redisError("ERR value is not an integer or out of range");
}
