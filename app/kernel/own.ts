/** Whether the object itself has the key; `Object.hasOwn` without asking for a browser newer than Chromium 93 or Firefox 92. */
export const hasOwn = (object: object, key: string): boolean => Object.prototype.hasOwnProperty.call(object, key);
