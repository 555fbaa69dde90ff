/** The version of this product: in MCP, at `/health` and in the user agent towards Finexio. */
export const VERSION = '0.2.0'
