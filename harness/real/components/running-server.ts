import type { FaultlineError } from "../../faultline-error.ts";
import type { ProcessExit } from "../processes/supervised-process.ts";
import type { ComponentKind } from "./component.ts";

/** A server that was started. To dispose is to kill it: its data are temporary. */
export interface RunningServer extends AsyncDisposable {
  readonly kind: ComponentKind;
  readonly name: string;
  /** What it is: "PostgreSQL", "MongoDB protocol stand-in". */
  readonly label: string;
  readonly version: string;
  readonly host: "127.0.0.1";
  readonly port: number;
  readonly url: string;
  readonly logPath: string;
  /** The process number of the present, or else of the last, process. */
  readonly pid: number;
  readonly running: boolean;
  /** How long the last start took until it was ready. */
  readonly startMs: number;
  /** The end of the present, or else of the last, process. */
  readonly exited: Promise<ProcessExit>;
  /** Settles, with the error to end the run with, when it once dies for a reason of its own. */
  readonly died: Promise<FaultlineError>;
  /** SIGKILL answers when it is gone; SIGSTOP and SIGCONT pause it and let it go on. Harmless when it is gone. */
  kill(signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): Promise<void>;
  /** Stops it in order, if it runs. */
  stop(): Promise<void>;
  /** Starts it on the same data and port, and waits until it is ready; stops it first if it runs. */
  restart(): Promise<void>;
}
