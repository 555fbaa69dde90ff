/** The dashboard's stylesheet. `npm run assets` makes a file of it. Plain ASCII: its hash counts on it. */

const tokens = `
:root {
  color-scheme: light dark;
  --ground: #f5f6f4; --surface: #fff; --sunken: #f0f2ef; --line: #dde1dc; --line-strong: #bcc4be;
  --ink: #17211c; --soft: #55625b; --accent: #0b6b4f; --accent-ink: #fff; --accent-soft: #e3f1ec;
  --ok: #14663f; --ok-soft: #e2f3e9; --warn: #7a4b00; --warn-soft: #fdf0d8;
  --bad: #a32219; --bad-soft: #fce8e6; --info: #23518f; --info-soft: #e6eefa;
  --focus: #1f6feb; --shadow: 0 1px 2px rgb(20 30 25 / .06), 0 4px 16px rgb(20 30 25 / .04);
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1412; --surface: #171d1a; --sunken: #1f2723; --line: #2b352f; --line-strong: #46534b;
    --ink: #e7ece9; --soft: #a2afa7; --accent: #5cc7a0; --accent-ink: #06251a; --accent-soft: #173227;
    --ok: #7bd7a4; --ok-soft: #163024; --warn: #f1c272; --warn-soft: #362811;
    --bad: #ff9d94; --bad-soft: #3b1a18; --info: #9dc1f7; --info-soft: #182840;
    --focus: #79b0ff; --shadow: none;
  }
}
`

const ground = `
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
html { font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font-size: .9375rem; }
h1, h2, h3, p, ul, ol, dl, figure, fieldset, pre { margin: 0; padding: 0; }
h1 { font-size: 1.5rem; line-height: 1.25; letter-spacing: -.015em; font-weight: 650; overflow-wrap: anywhere; }
h2 { font-size: 1.0625rem; line-height: 1.35; font-weight: 650; letter-spacing: -.005em; }
h3 { font-size: .9375rem; font-weight: 650; }
a { color: var(--accent); text-underline-offset: .15em; text-decoration-thickness: .06em; }
a:hover { text-decoration-thickness: .12em; }
code, pre { font-family: var(--mono); font-size: .8125rem; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
svg.icon { width: 1.125rem; height: 1.125rem; flex: none; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: .75rem; z-index: 9; background: var(--surface); padding: .5rem .75rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.soft, del { color: var(--soft); } ins { text-decoration: none; font-weight: 600; }
.small { font-size: .8125rem; }
.num { font-variant-numeric: tabular-nums; white-space: nowrap; }
.stack { display: grid; gap: 1rem; align-content: start; min-width: 0; }
.tight { gap: .375rem; }
.loose { gap: 1.75rem; }
.row { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; min-width: 0; }
.between { justify-content: space-between; }
.wrap { overflow-wrap: anywhere; }
`

const shell = `
.app { display: grid; grid-template-columns: 15rem minmax(0, 1fr); min-height: 100vh; }
.side { background: var(--surface); border-right: 1px solid var(--line); padding: 1.25rem .875rem; display: flex; flex-direction: column; gap: 1.25rem; position: sticky; top: 0; height: 100vh; overflow-y: auto; }
.brand { display: flex; align-items: center; gap: .625rem; font-weight: 650; color: var(--ink); text-decoration: none; padding: 0 .5rem; letter-spacing: -.01em; }
.brand .mark { width: 1.75rem; height: 1.75rem; border-radius: .5rem; background: var(--accent); color: var(--accent-ink); display: grid; place-items: center; }
.menu { position: static; display: flex; flex: 1; flex-direction: column; gap: 1.25rem; width: auto; height: auto; margin: 0; padding: 0; border: 0; background: none; color: inherit; overflow: visible; }
.opens, .side > .due { display: none; }
.nav ul { list-style: none; display: grid; gap: .125rem; }
.nav a { display: flex; align-items: center; gap: .625rem; padding: .4375rem .5rem; border-radius: .5rem; color: var(--soft); text-decoration: none; font-weight: 500; }
.nav a:hover { background: var(--sunken); color: var(--ink); }
.nav a[aria-current] { background: var(--accent-soft); color: var(--accent); }
.who { margin-top: auto; border-top: 1px solid var(--line); padding: 1rem .5rem 0; display: grid; gap: .625rem; }
.who b { font-weight: 600; }
main { padding: 2rem clamp(1rem, 4vw, 3rem) 4rem; max-width: 74rem; width: 100%; display: grid; gap: 1.5rem; align-content: start; min-width: 0; }
.head { display: flex; flex-wrap: wrap; gap: .75rem 1.5rem; justify-content: space-between; align-items: flex-start; }
.head > div:not(.row) { min-width: 0; display: grid; gap: .375rem; }
.crumbs { font-size: .8125rem; color: var(--soft); }
.crumbs a { color: var(--soft); }
.tabs { border-bottom: 1px solid var(--line); }
.tabs ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0 1.25rem; }
.tabs a { display: block; padding: .5rem 0; color: var(--soft); text-decoration: none; font-weight: 500; border-bottom: 2px solid transparent; margin-bottom: -1px; }
.tabs a:hover { color: var(--ink); }
.tabs a[aria-current] { color: var(--ink); border-color: var(--accent); }
.sign-in { min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; }
.sign-in main { max-width: 26rem; padding: 0; }
.sign-in main.card { padding: 1.5rem; }
.sign-in .brand { padding: 0; }
.sign-in form .primary { justify-content: center; }
@media (max-width: 52rem) {
  .card { padding: 1rem; }
  .app { grid-template-columns: minmax(0, 1fr); grid-template-rows: auto 1fr; }
  .side { position: static; height: auto; padding: .625rem 1rem; gap: .625rem; border-right: 0; border-bottom: 1px solid var(--line); flex-flow: row wrap; align-items: center; }
  .brand { padding: 0; margin-right: auto; }
  .opens { display: inline-flex; }
  .side > .due { display: inline-flex; text-decoration: none; }
  .menu { width: 100%; }
  .menu:not(:popover-open) { display: none; }
  .menu:popover-open { position: fixed; inset: 3.75rem .75rem auto; width: auto; max-height: calc(100dvh - 4.5rem); overflow-y: auto; padding: 1rem; border: 1px solid var(--line-strong); border-radius: .75rem; background: var(--surface); box-shadow: 0 8px 32px rgb(0 0 0 / .25); }
  .nav a { padding: .625rem .5rem; }
  main { padding-top: 1.25rem; gap: 1.25rem; }
  h1 { font-size: 1.3125rem; }
}
`

const pieces = `
.card { background: var(--surface); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem; box-shadow: var(--shadow); min-width: 0; }
.card > h2 + .soft { margin-top: -.625rem; }
.grid2 { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1rem; align-items: start; }
.side-by-side { display: grid; grid-template-columns: minmax(0, 1fr) minmax(18rem, 24rem); gap: 1.5rem; align-items: start; }
.side-by-side > .sticky { position: sticky; top: 1.5rem; }
@media (max-width: 64rem) { .side-by-side { grid-template-columns: minmax(0, 1fr); } .side-by-side > .sticky { position: static; } }
.stats { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1px; background: var(--surface); border: 1px solid var(--line); border-radius: .75rem; overflow: hidden; }
.stats > div { box-shadow: 0 0 0 1px var(--line); padding: .875rem 1rem; }
.stats dt { font-size: .8125rem; color: var(--soft); }
.stats dd { margin: .125rem 0 0; font-size: 1.1875rem; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.badge { display: inline-flex; align-items: center; gap: .3125rem; padding: .0625rem .5rem; border-radius: 1rem; font-size: .75rem; font-weight: 600; line-height: 1.5; white-space: nowrap; background: var(--sunken); color: var(--soft); }
.badge::before { content: ''; flex: none; width: .4375rem; height: .4375rem; border-radius: 50%; background: currentColor; }
.badge.ok, .badge.read { background: var(--ok-soft); color: var(--ok); }
.badge.warn, .badge.write { background: var(--warn-soft); color: var(--warn); }
.badge.bad, .badge.money { background: var(--bad-soft); color: var(--bad); }
.badge.info { background: var(--info-soft); color: var(--info); }
.count { margin-left: auto; }
.chips { display: flex; flex-wrap: wrap; gap: .25rem; }
.chip { display: inline-block; padding: 0 .4375rem; border: 1px solid var(--line); border-radius: .375rem; font-size: .8125rem; color: var(--soft); white-space: nowrap; }
.note { border: 1px solid var(--line); border-left: 4px solid var(--info); background: var(--surface); border-radius: .5rem; padding: .75rem 1rem; display: grid; gap: .5rem; }
.note.ok { border-left-color: var(--ok); } .note.warn { border-left-color: var(--warn); } .note.bad { border-left-color: var(--bad); }
.note strong { font-weight: 650; } .note p + p { margin-top: .5rem; }
.empty { text-align: center; padding: 2.5rem 1.25rem; display: grid; gap: .625rem; justify-items: center; border: 1px dashed var(--line-strong); border-radius: .75rem; }
.empty p { max-width: 34rem; color: var(--soft); }
.empty svg { width: 2rem; height: 2rem; color: var(--soft); }
table { border-collapse: collapse; width: 100%; }
.sheet { background: var(--surface); border: 1px solid var(--line); border-radius: .75rem; box-shadow: var(--shadow); overflow: hidden; container-type: inline-size; }
th { text-align: left; font-size: .75rem; font-weight: 600; color: var(--soft); padding: .625rem 1rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
td { padding: .6875rem 1rem; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody tr:last-child td { border-bottom: 0; }
th.num, td.num { text-align: right; }
td .sub, .needs .sub { display: block; font-size: .8125rem; color: var(--soft); overflow-wrap: anywhere; }
td time { white-space: nowrap; }
td a { font-weight: 600; overflow-wrap: anywhere; }
@container (max-width: 46rem) {
  .sheet thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .sheet table, .sheet tbody, .sheet tr, .sheet td { display: block; width: 100%; }
  .sheet tr { padding: .75rem 1rem; border-bottom: 1px solid var(--line); }
  .sheet tbody tr:last-child { border-bottom: 0; }
  .sheet td, .sheet td.num { border: 0; padding: .1875rem 0; text-align: left; position: relative; overflow-wrap: anywhere; }
  .sheet td[data-label] { padding-left: 7rem; }
  .sheet td::before { content: attr(data-label); color: var(--soft); font-size: .8125rem; position: absolute; left: 0; width: 6.5rem; }
  .sheet td:empty { display: none; }
}
@container (min-width: 36rem) and (max-width: 46rem) { .sheet tr { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1.5rem; } }
@media (max-width: 44rem) { .num, .badge { white-space: normal; } }
.needs { list-style: none; display: grid; } .needs li { display: grid; grid-template-columns: 9.5rem minmax(0, 1fr) auto; gap: .25rem 1rem; align-items: baseline; padding: .625rem 0; border-top: 1px solid var(--line); } .needs li:first-child { border-top: 0; padding-top: 0; } .needs li:last-child { padding-bottom: 0; } .needs .badge { justify-self: start; }
@media (max-width: 44rem) { .needs li { grid-template-columns: minmax(0, 1fr); } }
.chart.wide svg { height: 8rem; }
td p { max-width: 44rem; } td p + p { margin-top: .25rem; } .more { font-weight: 600; } td .more { font-size: .8125rem; color: var(--soft); } .more + * { margin-top: .75rem; }
.facts { display: grid; grid-template-columns: fit-content(45%) minmax(0, 1fr); gap: .5rem 1.25rem; }
.facts dt { color: var(--soft); } .facts dd { margin: 0; overflow-wrap: anywhere; }
.steps { padding-left: 1.25rem; display: grid; gap: .375rem; }
.plain { list-style: none; }
.counts { display: grid; gap: .375rem; }
.counts li { display: grid; grid-template-columns: 4.5rem minmax(0, 1fr); gap: .5rem; align-items: baseline; }
.counts .badge { justify-self: start; }
.scroll { max-height: 26rem; overflow: auto; }
.tools { list-style: none; display: grid; gap: .375rem; }
td code, .tools code { overflow-wrap: anywhere; } td:has(code) { min-width: 14rem; } td:has(> a) { min-width: 9rem; }
details > summary { cursor: pointer; font-weight: 600; padding: .25rem 0; }
details[open] > summary { margin-bottom: .75rem; }
details.client { border-top: 1px solid var(--line); padding: .5rem 0; }
.tour { counter-reset: step; display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: 1rem; list-style: none; }
.tour li { counter-increment: step; display: grid; grid-template-columns: 1.75rem 1fr; gap: .25rem .75rem; align-content: start; }
.tour li::before { content: counter(step); width: 1.75rem; height: 1.75rem; border-radius: 50%; display: grid; place-items: center; background: var(--accent-soft); color: var(--accent); font-weight: 650; font-size: .875rem; grid-row: span 2; }
.tour li.done::before { content: '\\2713'; background: var(--accent); color: var(--accent-ink); }
.copy { display: flex; gap: .5rem; align-items: flex-start; background: var(--sunken); border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .5rem .5rem .75rem; }
.wrapped, .drawer pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--sunken); border-radius: .5rem; padding: .75rem; }
.copy pre { flex: 1; min-width: 0; white-space: pre-wrap; overflow-wrap: anywhere; padding: .25rem 0; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: 1rem; }
.chart svg { display: block; width: 100%; height: 5.5rem; }
.chart rect { fill: var(--accent); } .chart .bad rect { fill: var(--bad); } .chart .warn rect { fill: var(--warn); } .chart .info rect { fill: var(--info); }
.chart line { stroke: var(--line-strong); }
.chart figcaption { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 .5rem; align-items: baseline; margin-bottom: .5rem; font-weight: 600; }
.chart .ends { display: flex; justify-content: space-between; color: var(--soft); font-size: .75rem; margin-top: .25rem; }
.meter { height: .5rem; border-radius: .25rem; background: var(--sunken); overflow: hidden; }
.meter svg { display: block; width: 100%; height: 100%; } .meter rect { fill: var(--accent); } .meter.full rect { fill: var(--bad); }
`

const forms = `
.button, button { font: inherit; font-weight: 600; font-size: .875rem; line-height: 1.25rem; padding: .5rem .875rem; border-radius: .5rem; border: 1px solid var(--line-strong); background: var(--surface); color: var(--ink); cursor: pointer; display: inline-flex; gap: .4375rem; align-items: center; text-decoration: none; }
.button:hover, button:hover { border-color: var(--soft); }
.primary { background: var(--accent); color: var(--accent-ink); border-color: transparent; }
.primary:hover { filter: brightness(1.08); }
.danger { color: var(--bad); border-color: var(--bad); background: transparent; }
.danger:hover { background: var(--bad-soft); }
.quiet { border-color: transparent; background: transparent; color: var(--soft); padding-inline: .5rem; }
.mini { padding: .25rem .625rem; font-size: .8125rem; }
[aria-busy=true] { opacity: .7; cursor: progress; }
[aria-busy=true]::before { content: ''; width: .875rem; height: .875rem; border-radius: 50%; border: 2px solid currentColor; border-right-color: transparent; animation: turn .8s linear infinite; }
@keyframes turn { to { transform: rotate(1turn); } }
@media (prefers-reduced-motion: reduce) { [aria-busy=true]::before { animation: none; } }
form.stack { max-width: 46rem; }
form.wide { max-width: none; }
@media (scripting: enabled) { .noscript { display: none; } }
.field { display: grid; grid-template-columns: minmax(0, 1fr); gap: .3125rem; min-width: 0; align-content: start; }
.field > label, legend { font-weight: 600; }
.hint { color: var(--soft); font-size: .8125rem; }
.wrong { color: var(--bad); font-size: .8125rem; font-weight: 600; }
input, select, textarea { font: inherit; color: inherit; background: var(--surface); border: 1px solid var(--line-strong); border-radius: .5rem; padding: .5rem .625rem; width: 100%; min-height: 2.5rem; }
textarea { min-height: 4.5rem; resize: vertical; }
input[aria-invalid=true], textarea[aria-invalid=true] { border-color: var(--bad); }
input[type=checkbox], input[type=radio] { width: 1.0625rem; height: 1.0625rem; min-height: 0; accent-color: var(--accent); margin: .1875rem 0 0; flex: none; }
fieldset { border: 0; display: grid; gap: .5rem; min-width: 0; }
legend { padding: 0; margin-bottom: .5rem; }
label:has(>input) { display: flex; gap: .625rem; align-items: flex-start; }
label:has(>input) span { min-width: 0; } label:has(>input) small { display: block; color: var(--soft); font-size: .8125rem; }
.choices { display: flex; flex-wrap: wrap; gap: .5rem; }
.choices label:has(>input) { border: 1px solid var(--line); border-radius: .5rem; padding: .3125rem .625rem; background: var(--surface); }
.choices label:has(>input):has(:checked) { border-color: var(--accent); background: var(--accent-soft); }
.templates { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: .75rem; }
.templates button { display: grid; align-content: start; text-align: left; font-weight: 400; }
.templates small { color: var(--soft); font-size: .8125rem; }
.templates [aria-pressed=true] { border-color: var(--accent); background: var(--accent-soft); }
.split { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; }
.filters { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; }
.filters .field { flex: 1 1 9rem; max-width: 20rem; }
form:has([name=expires][value=date]:not(:checked)) .when-date, form:has([name=approval][value=over]:not(:checked)) .when-over { display: none; }
fieldset:has(> .choices [value=only]:not(:checked)) > .when-only { display: none; }
form:has([data-writes='0']) .when-writes, form:has([data-money='0']) .when-money { display: none; }
`

/** A page on paper is what it says, without the ways to elsewhere. */
const paper = `
@media print {
  .side, .crumbs, .tabs, .button, form, .skip { display: none; }
  .app { display: block; }
  tr, .note { break-inside: avoid; }
  details::details-content { content-visibility: visible; }
  time::after { content: ' (' attr(title) ')'; }
}
`

/** Line breaks and indents are for whoever reads this file. */
export const style = [tokens, ground, shell, pieces, forms, paper]
  .join('')
  .replaceAll(/\n\s*/g, '')
  .replaceAll(/\s*([{};,>])\s*/g, '$1')
  .replaceAll(': ', ':')
