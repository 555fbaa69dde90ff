/** The icon of the dashboard's pages. */
export const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#0b6b4f"/><path d="M8 11h10a6 6 0 0 1 0 12M8 11l4-4M8 11l4 4M8 23h5" fill="none" stroke="#fff" stroke-width="2.500"/></svg>'
