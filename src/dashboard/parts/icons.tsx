/** A few line icons. Decoration only: each is shown beside its word. */

const PATHS = {
  overview: 'M4 4h7v9H4zM13 4h7v5h-7zM13 11h7v9h-7zM4 15h7v5H4z',
  account: 'M3 21h18M5 21V5l8-3v19M13 8l6 3v10M9 9v.01M9 13v.01M9 17v.01',
  approval: 'M12 3l8 3v6c0 5-3.4 8-8 9-4.600-1-8-4-8-9V6zM9 12l2 2 4-4',
  activity: 'M3 12h4l3 8 4-16 3 8h4',
  token: 'M15 7a4 4 0 1 1-3.900 5L4 12v4M8 12v3M15 11v.01',
  stop: 'M8 2h8l6 6v8l-6 6H8l-6-6V8zM9 9l6 6M15 9l-6 6',
  mark: 'M4 7h10a6 6 0 0 1 0 12M4 7l4-4M4 7l4 4M4 19h6',
  server: 'M4 5h16v5H4zM4 14h16v5H4zM8 7.500v.01M8 16.500v.01',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.600-6 8-6s8 2 8 6',
  payee: 'M3 6h18v12H3zM12 14.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM6.500 12v.01M17.500 12v.01',
  change: 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4',
  decide: 'M4 6h10M18 6h2M4 12h2M10 12h10M4 18h7M15 18h5M16 4v4M8 10v4M13 16v4',
  secret: 'M6 11h12v9H6zM9 11V7a3 3 0 0 1 6 0v4',
} as const

export type IconName = keyof typeof PATHS

/** An icon, hidden from screen readers. */
export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d={PATHS[name]} />
  </svg>
)
