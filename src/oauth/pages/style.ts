/** The look of the sign-in pages: one column, light and dark, no script. `npm run assets` makes a file of it, since the pages allow no inline style. */
export const CSS = `:root {
  color-scheme: light dark;
  --ink: #17211b;
  --soft: #55635b;
  --line: #c9d3cd;
  --page: #f4f7f5;
  --card: #fff;
  --accent: #0a6b48;
  --on-accent: #fff;
  --warn: #8a4b00;
  --bad: #a3161f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e8efea;
    --soft: #a3b2a9;
    --line: #37443c;
    --page: #0f1512;
    --card: #18211c;
    --accent: #4fc995;
    --on-accent: #06251a;
    --warn: #f0b366;
    --bad: #ff8f8f;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0;
  padding: 1.5rem 1rem;
  background: var(--page);
  color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif;
  overflow-wrap: anywhere;
}
main {
  max-width: 34rem;
  margin: 0 auto;
  padding: 1.5rem;
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 0.75rem;
}
h1 { margin: 0 0 0.75rem; font-size: 1.375rem; line-height: 1.3; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem; margin: 1rem 0; }
dt { color: var(--soft); }
dd { margin: 0; }
fieldset { margin: 1rem 0; padding: 0.5rem 1rem; border: 1px solid var(--line); border-radius: 0.5rem; }
legend { padding: 0 0.25rem; font-weight: 600; }
details { margin: 0.5rem 0; }
.under { margin-left: 1.25rem; }
summary { cursor: pointer; }
ul { margin: 0.25rem 0; padding-left: 1.25rem; color: var(--soft); }
.tick { display: flex; gap: 0.5rem; align-items: baseline; }
.field { display: block; font-weight: 600; }
input[type='password'] {
  width: 100%;
  padding: 0.5rem 0.625rem;
  border: 1px solid var(--soft);
  border-radius: 0.375rem;
  background: var(--page);
  color: inherit;
  font: inherit;
}
.hint { margin: 0.25rem 0 0; color: var(--soft); font-size: 0.875rem; }
.warn { color: var(--warn); }
.bad { color: var(--bad); font-weight: 600; }
.actions { display: flex; flex-wrap: wrap; gap: 0.75rem; margin-top: 1.25rem; }
button {
  padding: 0.5rem 1.25rem;
  border: 1px solid var(--accent);
  border-radius: 0.375rem;
  background: var(--accent);
  color: var(--on-accent);
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}
button.plain { background: transparent; color: var(--ink); border-color: var(--soft); }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`
