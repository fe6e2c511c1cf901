/** Loaded before the program, with `--expose-gc`: tells whoever started it how much memory it holds. */
process.on('message', () => {
  globalThis.gc?.();
  process.send?.(process.memoryUsage());
});
