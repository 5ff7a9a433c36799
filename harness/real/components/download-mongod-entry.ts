import process from "node:process";

// A process of its own: the package takes its settings from the environment, and prints what it likes.
const { MongoBinary } = await import("mongodb-memory-server-core");
process.stdout.write(`\n${await MongoBinary.getPath()}\n`);
