/**
 * What a library asks of the browser and the oldest do not have; loaded before everything else. The form
 * library takes the last part of a field's path with `at`, which came with Chromium 92 and Firefox 90.
 */
if (!('at' in Array.prototype)) {
  Object.defineProperty(Array.prototype, 'at', {
    configurable: true,
    writable: true,
    value(this: unknown[], place: number): unknown {
      return this[place < 0 ? this.length + place : place];
    },
  });
}

export {};
