/** Which attributes a directory wants to be told of a resource: only these, or all but these. */
export interface Projection {
  attributes: readonly string[];
  excluded: readonly string[];
}

type Json = Record<string, unknown>;

/** Told whatever is asked for (RFC 7643, 7): without them nobody knows what they read. */
const ALWAYS = new Set(['id', 'schemas']);

const list = (value: unknown): string[] => {
  const given: unknown[] = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [];
  return given.flatMap((one) => (typeof one === 'string' && one.trim() !== '' ? [one.trim().toLowerCase()] : []));
};

/** Takes the wish out of a query or the body of a posted search: the library loses its way with attributes of extensions. */
export function takeProjection(given: Json): Projection | null {
  const projection = { attributes: list(given['attributes']), excluded: list(given['excludedAttributes']) };
  delete given['attributes'];
  delete given['excludedAttributes'];
  return projection.attributes.length + projection.excluded.length > 0 ? projection : null;
}

/** A resource with the attributes that are wanted, by their names without regard to case: `name`, `name.formatted`, `<schema>`, `<schema>:department`. */
export function project(resource: Json, { attributes, excluded }: Projection): Json {
  return attributes.length > 0 ? only(resource, attributes.map(plain)) : without(resource, excluded.map(plain));
}

/** Attributes of the core schema go by their names alone. */
const plain = (path: string): string => path.replace(/^urn:ietf:params:scim:schemas:core:2\.0:(?:user|group):/, '');

/** What a path says of a key: all of it, a part of it (the rest of the path), or nothing. A schema is followed by a colon, an attribute by a dot. */
function rest(path: string, key: string): string | null {
  const name = key.toLowerCase();
  if (path === name) return '';
  return path.startsWith(`${name}${name.startsWith('urn:') ? ':' : '.'}`) ? path.slice(name.length + 1) : null;
}

const within = (value: unknown, work: (inner: Json) => Json): unknown =>
  (Array.isArray(value) ? value.map((one) => within(one, work)) : typeof value === 'object' && value !== null ? work(value as Json) : value);

function only(resource: Json, paths: readonly string[], top = true): Json {
  return Object.fromEntries(Object.entries(resource).flatMap(([key, value]) => {
    const rests = paths.map((path) => rest(path, key)).filter((one) => one !== null);
    if ((top && ALWAYS.has(key)) || rests.includes('')) return [[key, value]];
    return rests.length > 0 ? [[key, within(value, (inner) => only(inner, rests, false))]] : [];
  }));
}

function without(resource: Json, paths: readonly string[], top = true): Json {
  return Object.fromEntries(Object.entries(resource).flatMap(([key, value]) => {
    const rests = paths.map((path) => rest(path, key)).filter((one) => one !== null);
    if (top && ALWAYS.has(key)) return [[key, value]];
    if (rests.includes('')) return [];
    return [[key, rests.length > 0 ? within(value, (inner) => without(inner, rests, false)) : value]];
  }));
}
