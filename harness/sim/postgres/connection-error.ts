/** What a Node socket error carries: `code` is "ECONNRESET" or "ECONNREFUSED". */
export class ConnectionError extends Error {
  readonly code: "ECONNRESET" | "ECONNREFUSED";
  readonly syscall: "read" | "connect";

  constructor(code: "ECONNRESET" | "ECONNREFUSED", address: string) {
    super(code === "ECONNRESET" ? "read ECONNRESET" : `connect ECONNREFUSED ${address}`);
    this.code = code;
    this.syscall = code === "ECONNRESET" ? "read" : "connect";
  }
}
