/** `npm run picture`: the picture of the README, out of what the browser tests have photographed. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { launchBrowser } from '../../test/support/browser.ts'
import { optionsOf } from '../usage.ts'

optionsOf(
  'Usage: npm run picture\n\nMakes docs/picture.png out of the pictures that PICTURES=true npm test leaves in screenshots/.',
  {},
)

const root = join(import.meta.dirname, '../..')
const image = (name: string): string => {
  const file = join(root, 'screenshots', name)
  if (!existsSync(file))
    throw new Error(`screenshots/${name} is not there: run PICTURES=true npm test first.`)
  return `data:image/png;base64,${readFileSync(file, 'base64')}`
}

const PAGE = (dashboard: string, card: string) => `<!doctype html><style>
  body { margin: 0; padding: 28px; display: grid; grid-template-columns: 860px 390px; gap: 28px; background: #e9ecea;
    font: 15px/1.4 system-ui, sans-serif; color: #17211c }
  div { height: 700px; overflow: hidden; background: #fff; border-radius: 12px; box-shadow: 0 2px 12px rgb(20 30 25 / .14) }
  p { margin: 16px; padding: 10px 14px; border-radius: 14px; background: #e3f1ec; width: fit-content; margin-left: auto }
  img { display: block; width: 100% }
</style><div><img src="${dashboard}" alt=""></div><div><p>What did we pay by month, and what failed?</p><img src="${card}" alt=""></div>`

const browser = await launchBrowser()
try {
  const page = await browser.newPage({ viewport: { width: 1334, height: 756 } })
  await page.setContent(PAGE(image('approval-1280.png'), image('cards/chart-months-390.png')))
  await page.screenshot({ path: join(root, 'docs/picture.png') })
} finally {
  await browser.close()
}
