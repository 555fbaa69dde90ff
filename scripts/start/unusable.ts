/** What ends `npm start`, as a sentence: of a file that cannot be read or written Node says a code and a path, and no way out. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'it lies on a disk that is read-only',
  ENOENT: 'it is not there, or the folder above it is not',
  ENOTDIR: 'a part of its path is a file',
  ERR_FS_EISDIR: 'it is a folder and not a file',
  EISDIR: 'it is a folder and not a file',
  EEXIST: 'it is a file and not a folder, or a link that leads nowhere',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'its name is too long',
}

/** Of workerd, which says why on its own, a line before. */
const NOT_STARTED =
  'The Workers runtime did not start. What DATA_DIR holds may be damaged or copied in part: put a whole copy in its place, or start with another DATA_DIR.'

/** The error in words. @param error whatever was thrown */
export const inWords = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const { code = '', path } = error as NodeJS.ErrnoException
  if (code === 'ERR_RUNTIME_FAILURE') return NOT_STARTED
  if (!(code in REASONS)) return error.message
  return `${path ? `"${path}"` : 'A file with an empty name'} cannot be used: ${REASONS[code]}. Data lies in DATA_DIR, secrets in DEV_VARS_FILE: name a folder and a file that can be written.`
}
