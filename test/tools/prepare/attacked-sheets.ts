/**
 * Sheets that nobody had listed, found by random dialects and by hand; of each kind several. What b8f2a26 and 7d9f0d4, which reads
 * more, made of them is said with each kind; "refused" was for headings or marks that were not known yet.
 */
import type { SheetCase } from './sheets.ts'

const HEAD = 'Vendor,Invoice,Date,Amount'
const one = (number: string, amount: string, more = '') => `Acme Co.,${number},2026-11-02,${amount}${more}`
const A1 = 'A-1 1000 2026-11-02 Acme Co.'
const sheet = (
  fault: string,
  name: string,
  csv: string,
  ready: string[],
  more: Partial<SheetCase> = {},
): SheetCase => ({ fault, name, csv, ready, ...more })

/** A figure below the bills, in whatever words or in none, is no line of the last one. b8f2a26: the last bill ready, right; 7d9f0d4, which adds lines up: ready with the total on top. */
const TOTALS: SheetCase[] = [
  sheet(
    'E9',
    'a total without a word',
    `${HEAD}\n${one('A-1', '10.00')}\n${one('A-2', '20.00')}\n,,,30.00`,
    [A1],
    { says: ['takes several lines'] },
  ),
  sheet(
    'E9',
    'its word in the column of terms, starred',
    `Vendor,Terms,Invoice,Date,Amount\nAcme Co.,Net 30,A-1,2026-11-02,10.00\nAcme Co.,Net 30,A-2,2026-11-02,20.00\n,** Total **,,,30.00`,
    [A1, 'A-2 2000 2026-11-02 Acme Co.'],
  ),
  ...['合計', 'Całość', 'Totaal'].map((word) =>
    sheet(
      'E9',
      `${word} in the column of words`,
      `${HEAD},Description\n${one('A-1', '10.00', ',Paper')}\n${one('A-2', '20.00', ',Ink')}\n,,,30.00,${word}`,
      word === 'Całość' ? [A1] : [A1, 'A-2 2000 2026-11-02 Acme Co.'],
    ),
  ),
]

/** Lines of a bill that take off or sum up are not added. b8f2a26: the first line alone was ready; 7d9f0d4: all of them added up. */
const LINES: SheetCase[] = [
  ...['Payment received', 'Less deposit', 'Credit from October', 'Early payment discount', 'Balance', ''].map(
    (words) =>
      sheet(
        'E10',
        `a line below: "${words}"`,
        `${HEAD},Item\n${one('A-1', '10.00', ',Paper')}\n,,,4.00,${words}`,
        [],
      ),
  ),
  sheet(
    'E10',
    'what was paid of the bill stands on each of its lines',
    `${HEAD},Amount Paid,Item\n${one('A-1', '10.00', ',3.00,Paper')}\n${one('A-1', '20.00', ',3.00,Ink')}`,
    [],
  ),
  sheet(
    'E10',
    'nothing was paid: added up',
    `${HEAD},Amount Paid,Item\n${one('A-1', '10.00', ',0.00,Paper')}\n${one('A-1', '20.00', ',0.00,Ink')}`,
    ['A-1 3000 2026-11-02 Acme Co.'],
  ),
]

/** Half a bill is not ready because the other half came apart. b8f2a26: ready. */
const APART: SheetCase[] = [
  sheet(
    'E8',
    'the second of three lines has a comma too many',
    `Invoice,Date,Amount,Description,Vendor\nA-1,2026-11-02,10.00,Paper,Acme Co.\nA-1,2026-11-02,20.00,Toner, black,Acme Co.\nA-1,2026-11-02,5.00,Freight,Acme Co.`,
    [],
  ),
  sheet(
    'E8',
    'a line below moved to the right',
    `Amount,Vendor,Description,Invoice,Date\n10.00,Acme Co.,Paper,A-1,2026-11-02\n20.00,,Toner, black,,`,
    [],
  ),
  sheet(
    'E8',
    'a line below with an amount that came apart',
    `Amount,Vendor,Description,Due Date,Invoice,Date,Class\n10.00,Acme Co.,Paper,,A-1,2026-11-02,\n4,691.48,,Toner,,,,`,
    [],
  ),
  sheet('E8', 'cents after a comma, with the currency', `${HEAD},Class\n${one('A-1', '48102,25 $', '')}`, []),
  sheet(
    'E8',
    'cents after a comma, and a blank cell too many',
    `${HEAD},Class\n${one('A-1', '48102,25,', '')}`,
    [],
  ),
  sheet(
    'E8',
    'cents after a comma that begin with a zero',
    `${HEAD},Class\n${one('A-1', '48102,05', '')}`,
    [],
  ),
]

/** In a table of pipes without outer ones a blank first cell is a cell: taking it off moved the row. b8f2a26: refused; 7d9f0d4: the first line alone ready. */
const PIPES: SheetCase[] = [
  sheet(
    'E15',
    'lines below in a table of pipes',
    'PO|Vendor|Invoice|Date|Amount|Description\nP-1|Acme Co.|A-1|2026-11-02|10.00|Paper\n||||20.00|Ink',
    ['A-1 3000 2026-11-02 Acme Co.'],
  ),
  sheet(
    'E15',
    'a blank last cell',
    'Vendor|Invoice|Date|Amount|Memo\nAcme Co.|A-1|2026-11-02|10.00|Paper\nAcme Co.|A-2|2026-11-02|20.00|',
    [A1, 'A-2 2000 2026-11-02 Acme Co.'],
  ),
  sheet(
    'E15',
    'a first column without a heading',
    '|Vendor|Invoice|Date|Amount\n|Acme Co.|A-1|2026-11-02|10.00\n|Acme Co.|A-2|2026-11-02|20.00',
    [A1, 'A-2 2000 2026-11-02 Acme Co.'],
  ),
  sheet(
    'E15',
    'bold cells of markdown',
    '| **Vendor** | Invoice | Date | Amount |\n|---|---|---|---|\n| Acme Co. | A-1 | 2026-11-02 | **10.00** |\n| **Total** | | | **10.00** |',
    [A1],
    { says: ['which the rows above come to'] },
  ),
  sheet(
    'E15',
    'what is struck through',
    '| Vendor | Invoice | Date | Amount |\n|---|---|---|---|\n| Acme Co. | A-1 | 2026-11-02 | 10.00 |\n| ~~Acme Co.~~ | ~~A-2~~ | ~~2026-11-02~~ | ~~20.00~~ |',
    [A1],
  ),
]

/** A group's name with a comma came apart, and its bills went to the supplier before it. b8f2a26: refused; 7d9f0d4: ready for Acme. */
const GROUPS: SheetCase[] = [
  sheet(
    'E9',
    'a supplier whose name has a comma heads its bills',
    'Num,Date,Due Date,Open Balance\nAcme Co.,,,\nA-1,11/20/2026,,10.00\nSmith & Sons, Inc.,,\nA-2,11/20/2026,,20.00',
    ['A-1 1000 2026-11-20 Acme Co.'],
  ),
  sheet(
    'E9',
    'below the total of a group no bill is of that group',
    'Num,Date,Open Balance\nAcme Co.,,\nA-1,11/20/2026,10.00\nTotal for Acme Co.,,10.00\nA-2,11/20/2026,20.00',
    [],
    { waits: 'no column means supplier' },
  ),
  sheet(
    'E9',
    "an amount alone is nobody's name",
    'Open Balance,Date,Num\nAcme Co.,,\n10.00,11/20/2026,A-1\nUSD 10.00,,\n20.00,11/20/2026,A-2',
    ['A-2 2000 2026-11-20 Acme Co.'],
  ),
  sheet(
    'E16',
    'a note below the bills of a group is named',
    'Num,Date,Open Balance\nAcme Co.,,\nA-1,11/20/2026,10.00\nPrepared by Ann Lee',
    ['A-1 1000 2026-11-20 Acme Co.'],
    { says: ['Left out as no bills: rows 3.'] },
  ),
]

/** A balance that runs is no open amount in any of its rows. b8f2a26: refused; 7d9f0d4: rows with 80.00, 473.15 and 800.00 ready. */
const BALANCES: SheetCase[] = [
  sheet(
    'E5',
    'below the amount in one row, above it in another',
    'Date,Num,Vendor,Amount,Balance\n2026-11-02,A-1,Acme Co.,300.00,320.00\n2026-11-03,A-2,Acme Co.,90.00,80.00',
    [],
  ),
  sheet(
    'E5',
    'with credits before',
    'Date,Num,Vendor,Amount,Balance\n2026-11-02,A-1,Acme Co.,-86.97,-86.97\n2026-11-03,A-2,Acme Co.,560.12,473.15',
    [],
  ),
  sheet(
    'E5',
    'far below zero',
    'Date,Num,Vendor,Amount,Balance\n2026-11-02,A-1,Acme Co.,10.00,10.00\n2026-11-02,A-2,Acme Co.,-60.35,-36730.92\n2026-11-03,A-3,Acme Co.,900.00,800.00',
    [A1],
  ),
]

/** Columns, titles, sections and notes that speak of all or of one. b8f2a26: ready. */
const SPOKEN: SheetCase[] = [
  ...['Retainage %', 'Discount Rate', 'Holdback', 'Deposit', 'Early Payment Discount'].map((heading) =>
    sheet('E4', `${heading}: 10`, `${HEAD},${heading}\n${one('A-1', '100.00', ',10')}`, [], {
      waits: `"${heading}"`,
    }),
  ),
  sheet('E4', 'money with the currency behind', `${HEAD},Kickback\n${one('A-1', '100.00', ',49.95 $')}`, [], {
    waits: '"Kickback"',
  }),
  ...['All amounts in thousands', 'Amounts ($000)', 'Purchase orders', 'Refunds'].map((title) =>
    sheet('E4', `title: ${title}`, `${title}\n${HEAD}\n${one('A-1', '10.00')}`, [], {
      waits: 'above the headings',
    }),
  ),
  ...['Paid bills', 'Vendor credits', 'Do not pay these before Friday', 'Amounts in EUR', 'On hold'].map(
    (words) =>
      sheet(
        'E4',
        `section: ${words}`,
        `${HEAD}\n${one('A-1', '10.00')}\n${words},,,\n${one('A-2', '20.00')}`,
        [],
        { waits: words },
      ),
  ),
  sheet('E3', 'a total in euros', `${HEAD}\n${one('A-1', '10.00')}\nTotal EUR,,,10.00`, [], {
    waits: 'Total EUR',
  }),
  sheet(
    'E4',
    'a note of what is elsewhere',
    `${HEAD}\n${one('A-1', '10.00')}\n* disputed bills are not listed`,
    [A1],
  ),
  ...[
    'PAID 11/20 CK 1002',
    'pay only 50.00',
    'less 20.00 credit',
    'partial payment',
    'prepaid',
    'overcharged',
    'wrong amount',
  ].map((memo) =>
    sheet(
      'E4',
      `memo: ${memo}`,
      `${HEAD},Memo\n${one('A-1', '100.00', `,${memo}`)}\n${one('A-2', '20.00', ',Credit card fees')}`,
      ['A-2 2000 2026-11-02 Acme Co.'],
    ),
  ),
  sheet('E4', 'terms: prepaid', `${HEAD},Terms\n${one('A-1', '100.00', ',Prepaid')}`, []),
  sheet('E1', 'a status that asks', `${HEAD},Status\n${one('A-1', '100.00', ',Open?')}`, []),
  sheet(
    'E4',
    'several companies, one buyer',
    `${HEAD},Subsidiary\n${one('A-1', '10.00', ',North')}\n${one('A-2', '20.00', ',South')}`,
    [],
    { waits: 'several companies' },
  ),
]

/** Columns of money under headings that say so, whatever their cells look like, and what may not be told of them. b8f2a26: ready. */
const MONEY: SheetCase[] = [
  ...['Approved Amount', 'Pay Amount', 'Payment Amount'].map((heading) =>
    sheet('E5', `${heading}: 40`, `${HEAD},${heading}\n${one('A-1', '100.00', ',40')}`, [], {
      waits: `"${heading}"`,
    }),
  ),
  sheet('E5', 'a net amount and no tax', `${HEAD},Net Amount\n${one('A-1', '100.00', ',98.00')}`, [], {
    waits: 'is not the amount',
  }),
  sheet(
    'E5',
    'a net amount and its tax',
    'Vendor,Invoice,Date,Net,Tax,Total\nAcme Co.,A-1,2026-11-02,9.00,1.00,10.00',
    [A1],
  ),
  sheet('E3', 'a rate of exchange', `${HEAD},Exchange Rate\n${one('A-1', '10.00', ',0.9215')}`, [], {
    waits: '"Exchange Rate"',
  }),
  sheet('E3', 'a rate of one', `${HEAD},Exchange Rate\n${one('A-1', '10.00', ',1.0000')}`, [A1]),
  sheet('E4', 'a percentage told as a discount', `${HEAD},Discount %\n${one('A-1', '500.00', ',2')}`, [], {
    args: { columns: { 'Discount %': 'discount' } },
    waits: 'holds percentages',
  }),
  sheet(
    'E4',
    'the way out is no trap',
    `${HEAD},Early Payment Discount\n${one('A-1', '500.00', ',10.00')}`,
    [],
    { waits: '{"Early Payment Discount": "discount"}' },
  ),
  sheet(
    'E10',
    'a discount on each line',
    `${HEAD},Discount,Item\n${one('A-1', '10.00', ',1.00,Paper')}\n${one('A-1', '20.00', ',1.00,Ink')}`,
    [],
  ),
  sheet(
    'E10',
    'discounts on the lines below',
    `${HEAD},Discount,Item\n${one('A-1', '10.00', ',1.00,Paper')}\n,,,20.00,2.00,Ink`,
    [],
  ),
]

/** Headings among the rows; lines below them went to nobody's bill, and half of one was ready. b8f2a26: refused, or the first table ready. */
const TABLES: SheetCase[] = [
  sheet(
    'E9',
    'the headings of a second page, spelled otherwise',
    `*Vendor,*Invoice,*Date,*Amount,*Item\n${one('A-1', '10.00', ',Paper')}\nVENDOR,invoice,Date,Amount,Item\n,,,20.00,Ink`,
    ['A-1 3000 2026-11-02 Acme Co.'],
  ),
  sheet(
    'E15',
    'a second table in another order',
    `${HEAD}\n${one('A-1', '10.00')}\n\nVendor,Date,Invoice,Amount\nAcme Co.,2026-11-02,A-2,20.00`,
    [],
    { waits: 'line 4 begins another table' },
  ),
  sheet(
    'E15',
    'a second table with more columns',
    `${HEAD}\n${one('A-1', '10.00')}\nVendor,Credit No,Date,Amount,Applied\nAcme Co.,C-2,2026-11-02,20.00,`,
    [],
    { waits: 'begins another table' },
  ),
]

/** Headings as programs squash them, and amounts as Switzerland groups them. b8f2a26: refused. */
const READ: SheetCase[] = [
  sheet(
    'E15',
    'headings without blanks',
    'vendorname,invoicenumber,invoicedate,invoiceamount\nAcme Co.,A-1,2026-11-02,10.00',
    [A1],
  ),
  sheet(
    'E15',
    'Sage Intacct',
    'VENDORNAME,BILL_NO,WHENCREATED,WHENDUE,TOTALENTERED,TOTALDUE,STATE\nAcme Co.,A-1,2026-11-02,2026-12-02,30.00,10.00,Posted\nAcme Co.,A-2,2026-11-02,2026-12-02,30.00,30.00,Draft',
    [A1],
  ),
  sheet('E15', 'a state of the United States', `${HEAD},City,State\n${one('A-1', '10.00', ',Boston,MA')}`, [
    A1,
  ]),
  sheet(
    'E15',
    'SAP: in the currency of each document',
    'Vendor,Reference,Document Date,Amount in Document Currency,Document Currency\nAcme Co.,A-1,2026-11-02,10.00,USD\nAcme Co.,A-2,2026-11-02,10.00,CAD',
    [A1],
  ),
  sheet(
    'E3',
    'the same where nothing names it',
    'Vendor,Reference,Document Date,Amount in Document Currency\nAcme Co.,A-1,2026-11-02,10.00',
    [],
    { waits: 'in the currency of each document' },
  ),
  ...['\u2019', '\u02bc', '\u2009'].map((mark) =>
    sheet('E7', `1${mark}250.00`, `${HEAD}\n${one('A-1', `1${mark}250.00`)}`, [
      'A-1 125000 2026-11-02 Acme Co.',
    ]),
  ),
  sheet(
    'E15',
    'a memo and a description',
    `${HEAD},Memo,Description\n${one('A-1', '10.00', ',Paper,do not pay')}\n${one('A-2', '20.00', ',,Ink')}`,
    ['A-2 2000 2026-11-02 Acme Co.'],
  ),
]

export const ATTACKED: SheetCase[] = [
  ...TOTALS,
  ...LINES,
  ...APART,
  ...PIPES,
  ...GROUPS,
  ...BALANCES,
  ...SPOKEN,
  ...MONEY,
  ...TABLES,
  ...READ,
]
