/** Tells the other tabs of this browser that something changed; says nothing about what. */
export interface TabSignal {
  tell(): void;
  /** @returns stops it */
  hear(told: () => void): () => void;
}

/** By a channel where the browser has one, else by an entry in `localStorage`, whose changes other tabs hear. */
export function tabSignal(name: string): TabSignal {
  return typeof BroadcastChannel === 'undefined' ? byStorage(`${name}.ping`) : byChannel(name);
}

function byChannel(name: string): TabSignal {
  // A channel does not hear itself: one for speaking and hearing is enough.
  const channel = new BroadcastChannel(name);
  return {
    tell: () => channel.postMessage(null),
    hear(told) {
      channel.addEventListener('message', told);
      return () => channel.removeEventListener('message', told);
    },
  };
}

function byStorage(key: string): TabSignal {
  return {
    tell() {
      try {
        window.localStorage.setItem(key, String(Math.random()));
      } catch {
        // Without storage there is nothing that tabs could share.
      }
    },
    hear(told) {
      const hear = (event: StorageEvent) => {
        if (event.key === key) told();
      };
      window.addEventListener('storage', hear);
      return () => window.removeEventListener('storage', hear);
    },
  };
}
