/** Finexio's closed word lists. Answers may hold other words; they are kept as they came. */
export const PAYMENT_STATUSES = ['pending', 'in-progress', 'settled', 'canceled'] as const
export const PAYMENT_STATUS_FILTER = ['pending', 'in-progress', 'settled'] as const
export const PAYMENT_TYPES = ['check', 'ach', 'card', 'wire'] as const
