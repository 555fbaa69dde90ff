/** Columns, rows and signs that say how much is owed, or that nothing is: siblings of E1–E5, E9, E10 and E13. */
import { ACME, asked, csv, exactly, none, pay, type Sheet } from './types.ts'

const column = (like: string, heading: string, cells: Record<string, boolean>): Sheet =>
  csv(
    like,
    `${heading}: ${Object.keys(cells).join(', ')}`,
    [
      `Invoice #,Vendor,Invoice Date,Amount,${heading}`,
      ...Object.keys(cells).map((cell, at) => `N-${at},${ACME},2026-11-05,${at + 1}00.00,${cell}`),
    ].join('\n'),
    asked(...Object.values(cells).flatMap((owed, at) => (owed ? [pay(`N-${at}`, (at + 1) * 100)] : []))),
  )

const two = (like: string, headings: string, cells: string, right: number): Sheet =>
  csv(
    like,
    headings,
    `Invoice #,Vendor,Invoice Date,${headings}\nN-1,${ACME},2026-11-05,${cells}`,
    asked(pay('N-1', right)),
  )

const signed = (cell: string): Sheet =>
  csv(
    'E13',
    `amount "${cell}"`,
    `Invoice #,Vendor,Invoice Date,Amount\nN-1,${ACME},2026-11-05,"${cell}"\nN-2,${ACME},2026-11-05,80.00`,
    asked(pay('N-2', 80)),
  )

const last = (line: string, name = line): Sheet =>
  csv(
    'E9',
    name,
    `Invoice #,Vendor,Invoice Date,Amount\nN-1,${ACME},2026-11-05,10.00\nN-2,${ACME},2026-11-06,20.00\n${line}`,
    asked(pay('N-1', 10), pay('N-2', 20)),
    { supplier: ACME },
  )

/** Columns that say it by other words: not asked in CI before they are read. */
export const saidOtherwise: Sheet[] = [
  column('E1', 'Date Paid', { '': true, '2026-11-20': false }),
  column('E1', 'Check No', { '': true, 'No. 442': false }),
  column('E4', 'D/C', { D: true, C: false }),
  csv(
    'E15',
    'Terms: 30 days',
    `Invoice #,Vendor,Invoice Date,Amount,Terms\nN-0,${ACME},2026-11-05,100.00,30 days`,
    asked(pay('N-0', 100, { due: '2026-12-05' })),
  ),
]

export const owed: Sheet[] = [
  two('E1', 'Total,Paid,Balance', '500.00,200.00,300.00', 300),
  two('E1', 'Original Amount,Amount Remaining', '900.00,450.00', 450),
  two('E1', 'Amount,Payments/Credits,Balance Due', '1000.00,-400.00,600.00', 600),
  two('E1', 'Amount,Retainage', '1000.00,100.00', 900),
  two('E1', 'Amount,Previously Paid', '1000.00,250.00', 750),
  column('E1', 'Payment Status', { Unpaid: true, PAID: false, Void: false, 'Part-paid': false }),
  column('E1', 'Paid?', { N: true, Y: false }),
  column('E1', 'Status', { Open: true, 'On hold': false, Disputed: false, Draft: false, Rejected: false }),
  column('E2', 'Type', { Invoice: true, Refund: false, 'Credit note': false, Gutschrift: false }),
  column('E2', 'Transaction Type', {
    Bill: true,
    'Vendor Credit': false,
    'Bill Payment (Check)': false,
    Journal: false,
  }),
  column('E2', 'Document Type', {
    INV: true,
    CM: false,
    CRN: false,
    Quote: false,
    'Pro forma': false,
    PO: false,
  }),
  column('E3', 'Currency', { USD: true, CAD: false, eur: false, 'Pound Sterling': false }),
  column('E3', 'Curr.', { US$: true, C$: false, '£': false }),
  two('E3', 'Exchange Rate,Amount', '0.92,100.00', 100),
  column('E4', '', { DR: true, CR: false }),
  column('E4', 'Sign', { '+': true, '-': false }),
  column('E4', 'Pay?', { Yes: true, No: false }),
  column('E4', 'Approved', { Y: true, N: false }),
  column('E4', 'Hold', { '': true, X: false }),
  column('E4', 'Payment Block', { '': true, R: false }),
  two('E5', 'Invoice Total,Due Now', '800.00,200.00', 200),
  two('E5', 'Amount,Tax,Total', '100.00,8.00,108.00', 108),
  two('E5', 'Amount,Amount', '100.00,40.00', 40),
  two('E5', 'Gross Amount,Net Payable', '1000.00,950.00', 950),
  last(`,Grand Total,,30.00`),
  last(`TOTAL DUE,,,30.00`),
  last(`,Total for ${ACME},,30.00`),
  last(`Sum,,2026-11-30,30.00`),
  last(`Balance forward,${ACME},2026-10-31,120.00`),
  last(`Page 1 of 3,,,`),
  last(`Report printed 11/20/2026,,,`),
  {
    ...last(`Total,,,35.00`, 'a total that is not the sum'),
    right: { ready: [], says: /^Nothing is ready: .*35\.00.*30\.00/ },
  },
  ...[
    '(125.00)',
    '125.00 (CR)',
    '−125.00',
    '–125.00',
    '$-125.00',
    '-$125.00',
    '125.00 credit',
    'CR 125.00',
    '<125.00>',
    `125.00${' '.repeat(60)}-`,
    '125.00\u00a0-',
  ].map(signed),
  csv(
    'E10',
    'three lines of one bill, the number repeated',
    `Invoice #,Vendor,Invoice Date,Description,Amount\nL-1,${ACME},2026-11-05,Paper,100.00\nL-1,${ACME},2026-11-05,Ink,20.00\nL-1,${ACME},2026-11-05,Freight,5.00`,
    asked(pay('L-1', 125)),
  ),
  csv(
    'E10',
    'lines below with number, vendor and date blank',
    `Invoice #,Vendor,Invoice Date,Description,Amount\nL-1,${ACME},2026-11-05,Paper,100.00\n,,,Ink,20.00\nL-2,${ACME},2026-11-06,Pens,7.00`,
    asked(pay('L-1', 120), pay('L-2', 7)),
    { supplier: ACME },
  ),
  csv(
    'E10',
    'the first line holds the total of the lines below it',
    `Invoice #,Vendor,Invoice Date,Description,Amount\nL-1,${ACME},2026-11-05,,300.00\nL-1,${ACME},2026-11-05,Paper,100.00\nL-1,${ACME},2026-11-05,Ink,200.00`,
    asked(pay('L-1', 300)),
  ),
  csv(
    'E10',
    'lines of one bill that are not next to each other',
    `Invoice #,Vendor,Invoice Date,Amount\nL-1,${ACME},2026-11-05,100.00\nL-2,${ACME},2026-11-05,30.00\nL-1,${ACME},2026-11-05,20.00`,
    asked(pay('L-1', 120), pay('L-2', 30)),
  ),
  csv(
    'E10',
    'one number with two dates',
    `Invoice #,Vendor,Invoice Date,Amount\nL-1,${ACME},2026-11-05,100.00\nL-1,${ACME},2026-11-09,100.00`,
    none,
  ),
  csv(
    'E10',
    'one number of two suppliers is two bills',
    `Invoice #,Vendor,Invoice Date,Amount\nL-1,${ACME},2026-11-05,100.00\nL-1,Palisade Fencing,2026-11-05,40.00`,
    exactly(pay('L-1', 100), pay('L-1', 40)),
  ),
]
