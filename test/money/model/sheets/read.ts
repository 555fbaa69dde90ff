/** How cells, headings and tables are read: siblings of E3, E6–E8, E11, E12 and E14–E17. */
import { ACME, asked, BUYER, csv, exactly, none, pay, type Right, type Sheet } from './types.ts'

const amounts = (like: string, cells: string[], right: Right, name = cells.join(' | ')): Sheet =>
  csv(
    like,
    name,
    [
      'Invoice #,Vendor,Invoice Date,Amount',
      ...cells.map((cell, at) => `N-${at},${ACME},2026-11-05,"${cell}"`),
    ].join('\n'),
    right,
  )
const dates = (cells: string[], right: Right, heading = 'Invoice Date'): Sheet =>
  csv(
    'E6',
    `dates ${cells.join(' | ')}`,
    [
      `Invoice #,Vendor,${heading},Amount`,
      ...cells.map((cell, at) => `N-${at},${ACME},"${cell}",10.00`),
    ].join('\n'),
    right,
  )
const on = (...days: string[]) => days.map((date, at) => pay(`N-${at}`, 10, { date }))
const numbered = (cell: unknown): Sheet => ({
  like: 'E11',
  name: `number ${JSON.stringify(cell)}`,
  args: { rows: [{ 'Invoice #': cell, Vendor: ACME, Date: '2026-11-05', Amount: '10.00' }], buyer: BUYER },
  right: none,
})
const terms = (more: string, cells: string, right: Right): Sheet =>
  csv(
    'E12',
    `${more}: ${cells}`,
    `Invoice #,Vendor,Invoice Date,Amount,${more}\nN-0,${ACME},2026-11-05,100.00,${cells}`,
    right,
  )
const headed = (headings: string, name = headings, before = ''): Sheet =>
  csv(
    'E15',
    name,
    `${before}${headings}\nN-1,${ACME},2026-11-05,10.00`,
    exactly(pay('N-1', 10, { date: '2026-11-05' })),
  )
const named = (vendor: string, supplier: string, right: 'found' | 'found or asked' = 'found'): Sheet =>
  csv('E14', `vendor "${vendor}"`, `Invoice #,Vendor,Invoice Date,Amount\nN-1,${vendor},2026-11-05,10.00`, {
    ready: [pay('N-1', 10, { supplier })],
    orAsked: right === 'found or asked',
  })

export const read: Sheet[] = [
  ...['€100.00', '100.00 EUR', 'C$100.00', '£90', 'CHF 100', '¥12000', 'R$ 50,00', 'A$75.00'].map((cell) =>
    amounts('E3', [cell], none),
  ),
  amounts(
    'E3',
    ['US$ 100.00', 'USD 50.00', '$25.00', '12.00 USD'],
    asked(pay('N-0', 100), pay('N-1', 50), pay('N-2', 25), pay('N-3', 12)),
  ),
  ...['Amount (CAD)', 'Amount GBP', 'Total (MXN $)', 'Betrag in Euro'].map((heading) =>
    csv(
      'E3',
      `heading ${heading}`,
      `Invoice #,Vendor,Invoice Date,${heading}\nN-1,${ACME},2026-11-05,100.00`,
      none,
      {
        columns: {},
      },
    ),
  ),
  dates(['04/11/2026', '25/11/2026'], asked(...on('2026-11-04', '2026-11-25'))),
  dates(['11/04/2026', '11/25/2026'], exactly(...on('2026-11-04', '2026-11-25'))),
  dates(['25/11/26', '04/11/26', '05/10/26'], asked(...on('2026-11-25', '2026-11-04', '2026-10-05'))),
  csv(
    'E6',
    'the due date proves the order of the sheet',
    `Invoice #,Vendor,Invoice Date,Due Date,Amount\nN-0,${ACME},05/11/2026,20/11/2026,10.00`,
    asked(pay('N-0', 10, { date: '2026-11-05', due: '2026-11-20' })),
  ),
  {
    ...dates(['03/04/2026', '05/06/2026'], {
      ready: on('2026-03-04', '2026-05-06'),
      orAsked: true,
      says: /month|day|order|MM/i,
    }),
    name: 'nothing proves the order: says which was assumed',
  },
  dates(['2026.11.05', '2026/11/06'], asked(...on('2026-11-05', '2026-11-06'))),
  dates(['20261105'], asked(...on('2026-11-05'))),
  dates(['46331'], asked(...on('2026-11-05'))),
  dates(['2026-11-05T00:00:00', '11/06/2026 12:00:00 AM'], asked(...on('2026-11-05', '2026-11-06'))),
  dates(['02/29/2026'], none),
  dates(['31/11/2026'], none),
  amounts('E7', ['1.250,00', '12,00', '980,50'], asked(pay('N-0', 1250), pay('N-1', 12), pay('N-2', 980.5))),
  amounts('E7', ['1.250', '2.500,00'], asked(pay('N-0', 1250), pay('N-1', 2500))),
  amounts('E7', ['1,250', '2,500.00'], exactly(pay('N-0', 1250), pay('N-1', 2500))),
  amounts('E7', ['1 250,00', '3 000,10'], asked(pay('N-0', 1250), pay('N-1', 3000.1))),
  amounts('E7', ["1'250.00", '2’000.50'], asked(pay('N-0', 1250), pay('N-1', 2000.5))),
  amounts('E7', ['2.500'], none),
  amounts('E7', ['100.005'], none),
  amounts('E7', ['1,2345.00'], none),
  amounts('E7', ['12,34'], asked(pay('N-0', 12.34))),
  amounts('E7', ['1,23,456.00'], asked(pay('N-0', 123456))),
  amounts('E7', ['1e3'], none),
  amounts('E7', ['1.2.3'], none),
  amounts('E7', ['10.00/20.00'], none),
  amounts('E7', ['1,000,00'], none),
  csv(
    'E8',
    'thousands unquoted in the middle',
    `Invoice #,Vendor,Amount,Invoice Date\nN-1,${ACME},$1,234.50,2026-11-05`,
    asked(pay('N-1', 1234.5)),
  ),
  csv(
    'E8',
    'thousands unquoted before a note: the cells still fit',
    `Invoice #,Vendor,Invoice Date,Amount,Note\nN-1,${ACME},2026-11-05,1,250.00`,
    asked(pay('N-1', 1250)),
  ),
  csv(
    'E8',
    'millions unquoted',
    `Invoice #,Vendor,Invoice Date,Amount\nN-1,${ACME},2026-11-05,1,250,000`,
    asked(pay('N-1', 1_250_000)),
  ),
  csv(
    'E8',
    'a name with a comma, unquoted',
    `Invoice #,Vendor,Invoice Date,Amount\nN-1,Acme Co., Inc.,2026-11-05,10.00`,
    none,
  ),
  csv(
    'E8',
    'semicolons, decimal commas',
    `Invoice #;Vendor;Invoice Date;Amount\nN-1;${ACME};2026-11-05;1.250,00`,
    asked(pay('N-1', 1250)),
  ),
  csv(
    'E8',
    'tabs, thousands',
    `Invoice #\tVendor\tInvoice Date\tAmount\nN-1\t${ACME}\t2026-11-05\t1,234.50`,
    exactly(pay('N-1', 1234.5)),
  ),
  ...[
    '1.00E+05',
    '4.11112E+15',
    '#REF!',
    '#N/A',
    '########',
    'null',
    'none',
    'TBD',
    '?',
    '--',
    '3-Nov',
    'Jan-05',
    'False',
    true,
    2 ** 60,
    1.5e21,
  ].map(numbered),
  { ...numbered('00123'), right: exactly(pay('00123', 10)) },
  { ...numbered(1042), right: exactly(pay('1042', 10)) },
  terms('Due Date', '2050-01-01', none),
  terms('Due Date', '2026-11-04', none),
  terms('Due Date', '2026-02-30', none),
  terms('Discount', '100.01', none),
  terms('Discount', '-5.00', none),
  terms('Discount', '2.50', asked(pay('N-0', 100, { discount: 250 }))),
  csv('E12', 'amount 0', `Invoice #,Vendor,Invoice Date,Amount\nN-0,${ACME},2026-11-05,0.00`, none),
  csv('E12', 'dated in 2028', `Invoice #,Vendor,Invoice Date,Amount\nN-0,${ACME},2028-11-05,10.00`, none),
  named('sup_123', 'sup_123'),
  named('sup_999', 'sup_999'),
  named('NORTHGATE-123', 'sup_123'),
  named('northgate paper supply', 'sup_123', 'found or asked'),
  named('93339F61-7EAE-4000-ACA3-5D00C412E1DA', '93339f61-7eae-4000-aca3-5d00c412e1da', 'found or asked'),
  {
    ...named('Acme Co.', 'a80f9522-2e0b-4fcd-a327-1a51b0e2ce3d', 'found or asked'),
    name: 'buyer by the id that our lists show',
    args: { csv: `Invoice #,Vendor,Invoice Date,Amount\nN-1,${ACME},2026-11-05,10.00`, buyer: 'buy_111' },
    right: exactly(pay('N-1', 10)),
  },
  named('Backerei Grunwald', '93339f61-7eae-4000-aca3-5d00c412e1da', 'found or asked'),
  {
    ...named('Wren and Sparrow Translation', ''),
    right: { ready: [], orAsked: true, says: /Wren & Sparrow/ },
  },
  ...[
    'Bill Number,Vendor Name,Bill Date,Amount',
    'InvoiceNo,supplierName,invoiceDate,amount',
    'INVOICE_NUMBER,SUPPLIER_NAME,INVOICE_DATE,INVOICE_AMOUNT',
    'Num,Payee,Date,Balance Due',
    'Document No.,Vendor,Document Date,Amt',
    'Ref No,Vendor,Date,Open Amount',
    '*InvoiceNumber,*ContactName,*InvoiceDate,*Total',
  ].map((headings) => headed(headings)),
  headed('Invoice #,Vendor,Invoice Date,Amount', 'a byte order mark', '\ufeff'),
  headed(
    'Invoice #,Vendor,Invoice Date,Amount',
    'title rows above the headings',
    `Open bills of Kestrel\nAs of 11/20/2026\n\n`,
  ),
  csv(
    'E15',
    'sep=; on the first line',
    `sep=;\nInvoice #;Vendor;Invoice Date;Amount\nN-1;${ACME};2026-11-05;10.00`,
    exactly(pay('N-1', 10)),
  ),
  csv(
    'E15',
    'a table of Markdown',
    `| Invoice # | Vendor | Invoice Date | Amount |\n|---|:--|---|--:|\n| N-1 | ${ACME} | 2026-11-05 | 10.00 |`,
    exactly(pay('N-1', 10)),
  ),
  csv(
    'E15',
    'CR LF and blanks around',
    `Invoice # , Vendor ,Invoice Date , Amount\r\n N-1 , ${ACME} , 2026-11-05 , 10.00 \r\n`,
    exactly(pay('N-1', 10)),
  ),
  ...['5-Nov-2026', 'Nov 5, 2026', '5 November 2026', 'November 5 2026'].map((date) => ({
    ...dates([date], exactly(...on('2026-11-05'))),
    like: 'E15',
  })),
  ...['net 30', 'Net30'].map((cell) => ({
    ...terms('Terms', cell, exactly(pay('N-0', 100, { due: '2026-12-05' }))),
    like: 'E15',
  })),
  csv(
    'E16',
    'a blank line before the wrong row',
    `Invoice #,Vendor,Invoice Date,Amount\n\nN-1,${ACME},2026-11-05,10.00\n\nN-2,${ACME},2026-11-05,abc`,
    { ready: [pay('N-1', 10)], problemLines: [5] },
  ),
  csv(
    'E16',
    'blank lines with CR LF, and one of blanks',
    `Invoice #,Vendor,Invoice Date,Amount\r\n\r\n   \r\nN-1,${ACME},2026-11-05,10.00\r\nN-2,${ACME},2026-11-05,abc\r\n`,
    { ready: [pay('N-1', 10)], problemLines: [5] },
  ),
  csv(
    'E16',
    'rows of commas alone',
    `Invoice #,Vendor,Invoice Date,Amount\n,,,\n,,,\nN-2,${ACME},2026-11-05,abc`,
    { ready: [], problemLines: [4] },
  ),
  csv(
    'E17',
    'which heading became which field',
    `Ref #,Vendor,Bill Date,Amount\nN-1,${ACME},2026-11-05,10.00`,
    {
      ready: [pay('N-1', 10)],
      says: /Ref #"?\W+(is|as|→|became|=|:|->|means)?\W*"?(invoice_number|invoice number)/i,
    },
    { columns: { 'Ref #': 'invoice_number' } },
  ),
  csv(
    'E17',
    'which column was not used',
    `Invoice #,Vendor,Bill Date,Amount,Colour\nN-1,${ACME},2026-11-05,10.00,red`,
    { ready: [pay('N-1', 10)], orAsked: true, says: /Colour/ },
  ),
  {
    like: 'E17',
    name: 'rows instead of text',
    args: {
      rows: [{ bill: 'N-1', vendor: ACME, dated: '2026-11-05', amount: '10.00' }],
      columns: { bill: 'invoice_number', dated: 'invoice_date' },
      buyer: BUYER,
    },
    right: { ready: [pay('N-1', 10)], says: /dated\W.*invoice.date/is },
  },
]
