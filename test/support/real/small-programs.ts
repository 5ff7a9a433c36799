/** Listens on the port that is its first argument. */
export const listener: string =
  "require('node:net').createServer().listen(Number(process.argv[1]), '127.0.0.1', () => console.log('ready'))";

/** Starts a child that leads a group of its own, writes its number, and waits. */
export const grandparent: string = [
  "const { spawn } = require('node:child_process');",
  "const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });",
  "console.log('child ' + child.pid + '.');",
  "setInterval(() => {}, 1000);",
].join(" ");
