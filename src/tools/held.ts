/** Stands for a value that is held back, in plans and in whatever is told of them. */
export const HELD = '********'
