/** Settings of the whole deployment: one row in the directory. */

export const DEPLOYMENT = `
  CREATE TABLE deployment (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    writes_stopped INTEGER NOT NULL CHECK (writes_stopped IN (0, 1))
  ) STRICT;
  INSERT INTO deployment VALUES (1, 0);
`

/** Whether the deployment's kill switch is on. */
export const areWritesStopped = (sql: SqlStorage): boolean =>
  sql.exec<{ writes_stopped: number }>('SELECT writes_stopped FROM deployment').one().writes_stopped === 1

/** Turns the deployment's kill switch on or off. @param stopped true: no account sends writes */
export const setWritesStopped = (sql: SqlStorage, stopped: boolean): void => {
  sql.exec('UPDATE deployment SET writes_stopped = ?', Number(stopped))
}
