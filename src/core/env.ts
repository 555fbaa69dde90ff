/** Bindings of the Worker, as declared in wrangler.toml and set as secrets. */

export type Env = {
  ACCOUNTS: DurableObjectNamespace
  DIRECTORY: DurableObjectNamespace
  /** Event streams of old clients, one object per token. */
  SSE_STREAMS: DurableObjectNamespace
  VAULT: KVNamespace
  /** Files that are deployed beside the Worker and that it alone hands out. */
  ASSETS: Fetcher
  /** Clients, grants and tokens that version 0.1.0 wrote; read alone, and the account's object decides on each. */
  OAUTH_KV: KVNamespace
  /** Comma-separated Finexio API bases an account may use. */
  FINEXIO_BASE_URLS: string
  FINEXIO_WEBHOOK_BASE?: 'same' | 'root'
  /** How a new contact is sent; an object when absent. */
  FINEXIO_CONTACT_BODY?: 'object' | 'array'
  ALLOWED_ORIGINS?: string
  /** This server's own limit: tool calls per seconds and account, `"50/10"` when absent, or `"off"`. */
  OWN_LIMIT?: string
  /** Whole hours between two looks that both miss a write, after which it counts as not carried out; 24 when absent. */
  UNKNOWN_SETTLES_AFTER?: string
  /** Requests to Finexio per seconds and account, `"600/60"` when absent, or `"off"`; past it new calls are refused. */
  OWN_REQUESTS?: string
  /** Calls of one account that may be under way at once, `"50"` when absent, or `"off"`; past it new calls are refused with 503. */
  OWN_CALLS_AT_ONCE?: string
  /** `"true"` only under `npm start` and tests: permits loopback upstreams and localhost origins. */
  LOCAL_DEVELOPMENT?: string
  ADMIN_API_KEY: string
  TOKEN_PEPPER: string
  /** Version number of the master key that seals new records. */
  MASTER_KEY_PRIMARY: string
  MASTER_KEY_V1: string
  /** Where notifications go (https), and the `whsec_` secret that signs them; both or none, but for Slack, which takes no signature. */
  NOTIFY_URL?: string
  NOTIFY_SECRET?: string
  /** `"slack"`: in the shape of Slack's incoming webhooks also where the host is not Slack's. */
  NOTIFY_FORMAT?: string
  /** Where rows of the trail go as OTLP/HTTP JSON logs (https, used as it is), and the headers that go with them: `name=value,…`. */
  LOG_PUSH_URL?: string
  LOG_PUSH_HEADERS?: string
  /** Origin under which clients reach this deployment, when requests arrive under another one. */
  PUBLIC_URL?: string
  /** The company's identity provider (OpenID Connect); all three or none. */
  OIDC_ISSUER?: string
  OIDC_CLIENT_ID?: string
  OIDC_CLIENT_SECRET?: string
  /** JSON: which roles a value of which claim gives, `{"claim": "groups", "map": {"ap-clerks": ["use"]}}`. */
  OIDC_ROLES?: string
  /** Cloudflare Access as identity provider where OIDC_ISSUER is not used: host of the team and audience tag; both or none. */
  ACCESS_TEAM_DOMAIN?: string
  ACCESS_AUD?: string
}
