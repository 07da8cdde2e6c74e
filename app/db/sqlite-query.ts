import type { Sequelize } from 'sequelize';

type QueryClass = new (...given: never[]) => { run(sql: string, parameters: unknown): Promise<unknown> };

/**
 * Keeps Sequelize from writing down the stack of every single SQLite statement, which it does for the case of an
 * error and which costs more than half of a short statement. An error gets its stack where it arrives, from
 * `withStack`; that one leads to the caller, too.
 */
export function sparingStacks(sequelize: Sequelize): Sequelize {
  const { dialect } = sequelize as unknown as { dialect: { Query: QueryClass } };
  dialect.Query = class extends dialect.Query {
    override run(sql: string, parameters: unknown): Promise<unknown> {
      const limit = Error.stackTraceLimit;
      Error.stackTraceLimit = 0;
      try {
        // Up to its first wait, beyond the making of that error, this runs at once.
        return super.run(sql, byPlace(parameters));
      } finally {
        Error.stackTraceLimit = limit;
      }
    }
  };
  return sequelize;
}

/**
 * Values that stand in their statement in the order of their numbers, as `insert` writes them, are bound by place: the driver
 * looks names up one after the other, which takes most of the time of a statement with hundreds of them.
 */
function byPlace(parameters: unknown): unknown {
  if (typeof parameters !== 'object' || parameters === null || !('$1' in parameters)) return parameters;
  const keys = Object.keys(parameters);
  return keys.every((key, i) => key === `$${i + 1}`) ? Object.values(parameters) : parameters;
}

/** Lets an error of the database say who asked. */
export async function withStack<T>(asking: Promise<T>): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof Error) Error.captureStackTrace(error);
    throw error;
  }
}
