import { inTransaction, type Tx } from './transaction';

interface Waiting<In, Out> {
  input: In;
  resolve(out: Out): void;
  reject(error: unknown): void;
}

/**
 * Lets all changes that wait at one moment share one transaction and one fsync. While a batch is being
 * committed the next one gathers. `run` gets the inputs and answers in their order; a promise resolves
 * only after the commit. When a batch fails, each input is tried alone, so that one bad change hurts
 * nobody else.
 */
export function groupCommit<In, Out>(run: (tx: Tx, inputs: In[]) => Promise<Out[]>, max = 500): (input: In) => Promise<Out> {
  let waiting: Waiting<In, Out>[] = [];
  let draining = false;

  async function commit(batch: Waiting<In, Out>[]): Promise<void> {
    try {
      const outs = await inTransaction((tx) => run(tx, batch.map((one) => one.input)));
      batch.forEach((one, i) => {
        const out = outs[i];
        if (out === undefined) one.reject(new Error('group commit: no answer for a change'));
        else one.resolve(out);
      });
    } catch (error) {
      const [only] = batch;
      if (batch.length === 1 && only) only.reject(error);
      else for (const one of batch) await commit([one]);
    }
  }

  async function drain(): Promise<void> {
    draining = true;
    // One turn of the event loop lets requests that arrived together join the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const batch = waiting.slice(0, max);
      waiting = waiting.slice(max);
      await commit(batch);
    }
    draining = false;
  }

  return (input) =>
    new Promise((resolve, reject) => {
      waiting.push({ input, resolve, reject });
      if (!draining) void drain();
    });
}
