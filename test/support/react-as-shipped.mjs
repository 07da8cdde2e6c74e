/**
 * Loaded before a program whose clock is set from a file, which it only allows under NODE_ENV=test: React chooses its
 * build by that name, and the one for development is several times slower than what is shipped.
 */
import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);
const name = process.env.NODE_ENV;
process.env.NODE_ENV = 'production';
for (const part of ['react', 'react/jsx-runtime', 'react-dom', 'react-dom/server']) load(part);
process.env.NODE_ENV = name;
