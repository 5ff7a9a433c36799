/** Where a text goes and how it may look there. */
export interface Output {
  /** A person is looking: a line may be redrawn. */
  readonly isTerminal: boolean;
  readonly colour: boolean;
  readonly columns: number;
  write(text: string): void;
}

/** What a command is given of the process: nothing else of it is read by the commands. */
export interface CommandIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that relative paths start from. */
  readonly cwd: string;
  /** The result. With `--json` exactly one JSON document. */
  readonly out: Output;
  /** Progress, notes and errors. */
  readonly err: Output;
  /** Calls back each time the user asks to stop (Ctrl-C, SIGTERM); the answer ends that. */
  onInterrupt(listener: () => void): () => void;
  /** Ends the process at once. */
  exit(code: number): never;
}
