/** The token of an Authorization header (RFC 6750, 2.1), its scheme in any case (RFC 9110, 11.1); null: there is none. */
export const bearerIn = (header: string | null | undefined): string | null =>
  /^bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? null
