/**
 * Sheets as people paste them, in the shape of real exports, with what each must come to. The data are invented.
 * `ready` is `number amount date supplier`, in the order of the sheet; `says` must stand in the answer.
 */
export type SheetCase = {
  name: string
  /** Of faults.md; siblings of a kind have the same. */
  fault: string
  csv: string
  args?: object
  ready: string[]
  says?: string[]
  /** The whole sheet waits for a word. */
  waits?: string
}

const S = { supplier: 'Acme Co.' }

export const SHEETS: SheetCase[] = [
  // E1: what is open, not what was billed.
  {
    fault: 'E1',
    name: 'QuickBooks bills with open balance and status',
    csv: 'Bill No.,Vendor,Bill Date,Amount,Open Balance,Status\n8841,Acme Co.,11/02/2026,1250.00,250.00,Partially paid\n8842,Acme Co.,11/02/2026,300.00,0.00,Paid\n8843,Acme Co.,11/20/2026,80.00,80.00,Open',
    ready: ['8841 25000 2026-11-02 Acme Co.', '8843 8000 2026-11-20 Acme Co.'],
    says: ['250.00 is still open of 1250.00', 'is ""Paid""'],
  },
  {
    fault: 'E1',
    name: 'Xero bills: InvoiceAmountPaid and InvoiceAmountDue',
    csv: '*ContactName,*InvoiceNumber,*InvoiceDate,*DueDate,Total,InvoiceAmountPaid,InvoiceAmountDue,Type,Status\nAcme Co.,X-1,11/16/2026,12/16/2026,500.00,200.00,300.00,ACCPAY,AUTHORISED\nAcme Co.,X-2,11/16/2026,12/16/2026,50.00,0.00,50.00,ACCPAYCREDIT,AUTHORISED\nAcme Co.,X-3,11/16/2026,12/16/2026,50.00,0.00,50.00,ACCPAY,DRAFT',
    ready: ['X-1 30000 2026-11-16 Acme Co.'],
  },
  {
    fault: 'E1',
    name: 'paid amount alone',
    csv: 'Vendor,Invoice,Date,Amount,Amount Paid\nAcme Co.,P-1,2026-11-02,100.00,40.00\nAcme Co.,P-2,2026-11-02,100.00,100.00\nAcme Co.,P-3,2026-11-02,100.00,',
    ready: ['P-1 6000 2026-11-02 Acme Co.', 'P-3 10000 2026-11-02 Acme Co.'],
  },
  {
    fault: 'E1',
    name: 'partly paid and nothing says how far',
    csv: 'Vendor,Invoice,Date,Amount,Status\nAcme Co.,P-1,2026-11-02,100.00,Partially Paid\nAcme Co.,P-2,2026-11-02,100.00,Approved',
    ready: ['P-2 10000 2026-11-02 Acme Co.'],
  },
  {
    fault: 'E1',
    name: 'a column Paid of yes and no',
    csv: 'Vendor,Invoice,Date,Amount,Paid?\nAcme Co.,P-1,2026-11-02,100.00,Y\nAcme Co.,P-2,2026-11-02,100.00,N',
    ready: ['P-2 10000 2026-11-02 Acme Co.'],
  },
  {
    fault: 'E1',
    name: 'a running balance',
    csv: 'Vendor,Num,Date,Amount,Balance\nAcme Co.,P-1,2026-11-02,100.00,900.00\nAcme Co.,P-2,2026-11-02,100.00,1000.00',
    ready: [],
    says: ['running balance'],
  },
  {
    fault: 'E1',
    name: 'payment status scheduled',
    csv: 'Vendor,Invoice,Date,Amount,Payment Status\nAcme Co.,P-1,2026-11-02,100.00,Scheduled\nAcme Co.,P-2,2026-11-02,100.00,Unpaid',
    ready: ['P-2 10000 2026-11-02 Acme Co.'],
  },
  // E2: only bills.
  {
    fault: 'E2',
    name: 'bill credits with positive amounts',
    csv: 'Type,Num,Vendor,Date,Amount\nBill,A-1,Acme Co.,2026-11-02,10.00\nBill Credit,A-2,Acme Co.,2026-11-02,10.00',
    ready: ['A-1 1000 2026-11-02 Acme Co.'],
    says: ['"Bill Credit"'],
  },
  {
    fault: 'E2',
    name: 'Doc Type Credit Memo',
    csv: 'Doc Type,Document Number,Vendor,Document Date,Amount\nCredit Memo,A-2,Acme Co.,2026-11-02,10.00\nInvoice,A-3,Acme Co.,2026-11-02,10.00',
    ready: ['A-3 1000 2026-11-02 Acme Co.'],
  },
  {
    fault: 'E2',
    name: 'SAP document types',
    csv: 'Vendor\tReference\tDocument Type\tDocument Date\tAmount in USD\nAcme Co.\tS-1\tKR\t20261102\t10.00\nAcme Co.\tS-2\tKG\t20261102\t10.00\nAcme Co.\tS-3\tKZ\t20261102\t10.00',
    ready: ['S-1 1000 2026-11-02 Acme Co.'],
  },
  {
    fault: 'E2',
    name: 'a prepayment and an unknown type',
    csv: 'Transaction Type,Invoice,Vendor,Date,Amount\nPrepayment,A-1,Acme Co.,2026-11-02,10.00\nQuux,A-2,Acme Co.,2026-11-02,10.00\nVendor Bill,A-3,Acme Co.,2026-11-02,10.00',
    ready: ['A-3 1000 2026-11-02 Acme Co.'],
  },
  {
    fault: 'E2',
    name: 'credit said in the memo',
    csv: 'Vendor,Invoice,Date,Amount,Memo\nAcme Co.,A-1,2026-11-02,10.00,Credit memo for October\nAcme Co.,A-2,2026-11-02,10.00,Toner',
    ready: ['A-2 1000 2026-11-02 Acme Co.'],
  },
  // E3: US dollars alone.
  {
    fault: 'E3',
    name: 'currency code EUR',
    csv: 'Vendor,Invoice,Date,Amount,Currency Code\nAcme Co.,C-1,2026-11-02,10.00,EUR\nAcme Co.,C-2,2026-11-02,10.00,USD',
    ready: ['C-2 1000 2026-11-02 Acme Co.'],
  },
  {
    fault: 'E3',
    name: 'a heading in euros',
    csv: 'Vendor,Invoice,Date,Amount (€)\nAcme Co.,C-1,2026-11-02,10.00',
    ready: [],
    waits: 'US dollars only',
  },
  {
    fault: 'E3',
    name: 'a heading in Canadian dollars',
    csv: 'Vendor,Invoice,Date,Total CAD\nAcme Co.,C-1,2026-11-02,10.00',
    ready: [],
    waits: 'US dollars only',
  },
  {
    fault: 'E3',
    name: 'a title in euros',
    csv: 'All amounts in EUR\nVendor,Invoice,Date,Amount\nAcme Co.,C-1,2026-11-02,10.00',
    ready: [],
    waits: 'above the headings',
  },
  {
    fault: 'E3',
    name: 'pounds in the cell',
    csv: 'Vendor,Invoice,Date,Amount\nAcme Co.,C-1,2026-11-02,£10.00\nAcme Co.,C-2,2026-11-02,$10.00',
    ready: ['C-2 1000 2026-11-02 Acme Co.'],
  },
  {
    fault: 'E3',
    name: 'currencies in a column without heading',
    csv: 'Vendor,Invoice,Date,Amount,\nAcme Co.,C-1,2026-11-02,10.00,MXN\nAcme Co.,C-2,2026-11-02,10.00,USD',
    ready: [],
    waits: 'column "column 5"',
  },
  // E4: columns that may decide.
  {
    fault: 'E4',
    name: 'DR and CR without a heading',
    csv: 'Vendor,Invoice,Date,Amount,\nAcme Co.,D-1,2026-11-02,10.00,DR\nAcme Co.,D-2,2026-11-02,10.00,CR',
    ready: [],
    waits: 'column "column 5" ("DR", "CR")',
  },
  {
    fault: 'E4',
    name: 'the same, told to be ignored',
    csv: 'Vendor,Invoice,Date,Amount,\nAcme Co.,D-1,2026-11-02,10.00,DR',
    args: { columns: { 'column 5': 'ignore' } },
    ready: ['D-1 1000 2026-11-02 Acme Co.'],
  },
  {
    fault: 'E4',
    name: 'an unknown heading with amounts',
    csv: 'Vendor,Invoice,Date,Amount,Retention\nAcme Co.,D-1,2026-11-02,100.00,10.00',
    ready: [],
    waits: '"Retention"',
  },
  {
    fault: 'E4',
    name: 'a percentage',
    csv: 'Vendor,Invoice,Date,Amount,Discount %\nAcme Co.,D-1,2026-11-02,100.00,2%',
    ready: [],
    waits: '"Discount %"',
  },
  {
    fault: 'E4',
    name: 'a mark of yes and no nobody knows',
    csv: 'Vendor,Invoice,Date,Amount,Cleared for release\nAcme Co.,D-1,2026-11-02,100.00,N',
    ready: [],
    waits: '"Cleared for release"',
  },
  {
    fault: 'E4',
    name: 'payment block',
    csv: 'Vendor,Invoice,Date,Amount,Payment Block\nAcme Co.,D-1,2026-11-02,100.00,R\nAcme Co.,D-2,2026-11-02,100.00,',
    ready: ['D-2 10000 2026-11-02 Acme Co.'],
  },
  {
    fault: 'E4',
    name: 'approved: no',
    csv: 'Vendor,Invoice,Date,Amount,Approved\nAcme Co.,D-1,2026-11-02,100.00,No\nAcme Co.,D-2,2026-11-02,100.00,Yes',
    ready: ['D-2 10000 2026-11-02 Acme Co.'],
  },
  {
    fault: 'E4',
    name: 'tax beside a net amount',
    csv: 'Vendor,Invoice,Date,Amount,Sales Tax\nAcme Co.,D-1,2026-11-02,100.00,8.25',
    ready: [],
    waits: '"Sales Tax"',
  },
  {
    fault: 'E4',
    name: 'tax beside a total',
    csv: 'Vendor,Invoice,Date,Subtotal,Sales Tax,Total\nAcme Co.,D-1,2026-11-02,100.00,8.25,108.25',
    ready: ['D-1 10825 2026-11-02 Acme Co.'],
  },
  {
    fault: 'E4',
    name: 'do not pay in a note',
    csv: 'Vendor,Invoice,Date,Amount,Notes\nAcme Co.,D-1,2026-11-02,100.00,DO NOT PAY - wait for Jim\nAcme Co.,D-2,2026-11-02,100.00,',
    ready: ['D-2 10000 2026-11-02 Acme Co.'],
  },
  {
    fault: 'E4',
    name: 'a check number and the day of payment',
    csv: 'Vendor,Invoice,Date,Amount,Check No,Date Paid\nAcme Co.,D-1,2026-11-02,100.00,10021,\nAcme Co.,D-2,2026-11-02,100.00,,11/20/2026\nAcme Co.,D-3,2026-11-02,100.00,,',
    ready: ['D-3 10000 2026-11-02 Acme Co.'],
  },
  {
    fault: 'E4',
    name: 'C and D under a heading',
    csv: 'Vendor,Invoice,Date,Amount,D/C\nAcme Co.,D-1,2026-11-02,100.00,C',
    ready: [],
    waits: '"D/C"',
  },
  // E5
  {
    fault: 'E5',
    name: 'Amount and Amount Due',
    csv: 'Vendor,Invoice,Date,Amount,Amount Due\nAcme Co.,E-1,2026-11-02,100.00,60.00',
    ready: ['E-1 6000 2026-11-02 Acme Co.'],
  },
  {
    fault: 'E5',
    name: 'NetSuite: Amount Remaining',
    csv: 'Document Number,Name,Date,Amount,Amount Remaining\nE-2,Acme Co.,11/02/2026,100.00,100.00',
    ready: ['E-2 10000 2026-11-02 Acme Co.'],
  },
  {
    fault: 'E5',
    name: 'an open amount above the amount',
    csv: 'Vendor,Invoice,Date,Amount,Outstanding\nAcme Co.,E-3,2026-11-02,100.00,160.00',
    ready: [],
  },
  {
    fault: 'E5',
    name: 'a blank open amount',
    csv: 'Vendor,Invoice,Date,Amount,Balance Due\nAcme Co.,E-4,2026-11-02,100.00,\nAcme Co.,E-5,2026-11-02,100.00,100.00',
    ready: ['E-5 10000 2026-11-02 Acme Co.'],
  },
  // E6
  {
    fault: 'E6',
    name: 'day first, proven further down',
    csv: 'Vendor,Invoice,Date,Amount\nAcme Co.,F-1,03/08/26,10.00\nAcme Co.,F-2,26/06/26,10.00',
    ready: ['F-1 1000 2026-08-03 Acme Co.', 'F-2 1000 2026-06-26 Acme Co.'],
    says: ['day first, as \\"26/06/26\\" shows'],
  },
  {
    fault: 'E6',
    name: 'nothing proves it',
    csv: 'Vendor,Invoice,Date,Amount\nAcme Co.,F-1,10/11/2026,10.00',
    ready: ['F-1 1000 2026-10-11 Acme Co.'],
    says: ['month first, which nothing in the sheet proves'],
  },
  {
    fault: 'E6',
    name: 'both orders in one column',
    csv: 'Vendor,Invoice,Date,Amount\nAcme Co.,F-1,26/06/26,10.00\nAcme Co.,F-2,06/26/26,10.00\nAcme Co.,F-3,05/06/26,10.00',
    ready: [],
  },
  {
    fault: 'E6',
    name: 'the due dates prove it for the invoice dates',
    csv: 'Vendor,Invoice,Date,Due Date,Amount\nAcme Co.,F-1,03/08/2026,31/08/2026,10.00',
    ready: ['F-1 1000 2026-08-03 Acme Co.'],
  },
  {
    fault: 'E6',
    name: 'the heading says it',
    csv: 'Vendor,Invoice,Date (DD/MM/YYYY),Amount\nAcme Co.,F-1,03/08/2026,10.00',
    ready: ['F-1 1000 2026-08-03 Acme Co.'],
  },
  {
    fault: 'E6',
    name: 'points between',
    csv: 'Vendor;Invoice;Date;Amount\nAcme Co.;F-1;03.08.2026;10,00',
    ready: ['F-1 1000 2026-08-03 Acme Co.'],
  },
  // E7
  {
    fault: 'E7',
    name: 'commas for cents',
    csv: 'Vendor;Invoice;Date;Amount\nAcme Co.;G-1;2026-11-02;1.234,56\nAcme Co.;G-2;2026-11-02;1,234\nAcme Co.;G-3;2026-11-02;99,90',
    ready: ['G-1 123456 2026-11-02 Acme Co.', 'G-3 9990 2026-11-02 Acme Co.'],
  },
  { fault: 'E7', name: '0,500', csv: 'Vendor;Invoice;Date;Amount\nAcme Co.;G-1;2026-11-02;0,500', ready: [] },
  {
    fault: 'E7',
    name: 'both marks in one column',
    csv: 'Vendor;Invoice;Date;Amount\nAcme Co.;G-1;2026-11-02;1.234,56\nAcme Co.;G-2;2026-11-02;1,234.56',
    ready: [],
  },
  {
    fault: 'E7',
    name: 'thousands of points',
    csv: 'Vendor;Invoice;Date;Amount\nAcme Co.;G-1;2026-11-02;1.500\nAcme Co.;G-2;2026-11-02;1.234.567',
    ready: ['G-1 150000 2026-11-02 Acme Co.', 'G-2 123456700 2026-11-02 Acme Co.'],
  },
  {
    fault: 'E7',
    name: 'one point of thousands proves nothing',
    csv: 'Vendor,Invoice,Date,Amount\nAcme Co.,G-1,2026-11-02,1.500',
    ready: [],
  },
  {
    fault: 'E7',
    name: 'the other column proves it',
    csv: 'Vendor;Invoice;Date;Amount;Discount\nAcme Co.;G-1;2026-11-02;1.500;10,00',
    ready: ['G-1 150000 2026-11-02 Acme Co.'],
  },
  // E8
  {
    fault: 'E8',
    name: 'an amount came apart, and cells are too many',
    csv: 'Vendor,Invoice,Date,Amount\nAcme Co.,H-1,2026-11-02,1,234.50',
    ready: [],
  },
  {
    fault: 'E8',
    name: 'an amount came apart into the note',
    csv: 'Vendor,Invoice,Date,Amount,Memo\nAcme Co.,H-1,2026-11-02,1,234.50',
    ready: [],
  },
  {
    fault: 'E8',
    name: 'with a dollar sign',
    csv: 'Vendor,Invoice,Date,Amount,Due Date\nAcme Co.,H-1,2026-11-02,$1,234',
    ready: [],
  },
  {
    fault: 'E8',
    name: 'a million',
    csv: 'Vendor,Invoice,Date,Amount,Memo,PO\nAcme Co.,H-1,2026-11-02,1,234,567.00',
    ready: [],
  },
  // E9
  {
    fault: 'E9',
    name: 'totals',
    csv: 'Vendor,Invoice,Date,Amount\nAcme Co.,I-1,2026-11-02,10.00\nAcme Co.,I-2,2026-11-02,20.00\n,Total (2 bills),2026-11-02,30.00',
    args: S,
    ready: ['I-1 1000 2026-11-02 Acme Co.', 'I-2 2000 2026-11-02 Acme Co.'],
    says: ['which the rows above come to'],
  },
  {
    fault: 'E9',
    name: 'subtotals that differ',
    csv: 'Invoice,Date,Amount\nI-1,2026-11-02,10.00\nSubtotal,,15.00',
    args: S,
    ready: [],
    says: ['come to another sum', 'Nothing is ready'],
  },
  {
    fault: 'E9',
    name: 'a supplier whose name begins so',
    csv: 'Vendor,Invoice,Date,Amount\nTotal Quality,I-1,2026-11-02,10.00',
    ready: ['I-1 1000 2026-11-02 Total Quality'],
  },
  {
    fault: 'E9',
    name: 'groups of a report',
    csv: ',Date,Num,Due Date,Open Balance\nAcme Co.,,,,\n,11/02/2026,I-1,12/02/2026,10.00\n,11/03/2026,I-2,12/03/2026,5.00\nTotal for Acme Co.,,,,$15.00\nTotal Quality,,,,\n,11/20/2026,I-3,12/20/2026,7.00\nTOTAL,,,,$22.00',
    ready: [
      'I-1 1000 2026-11-02 Acme Co.',
      'I-2 500 2026-11-03 Acme Co.',
      'I-3 700 2026-11-20 Total Quality',
    ],
  },
  {
    fault: 'E9',
    name: 'a balance brought forward',
    csv: 'Invoice,Date,Amount\nBalance forward,2026-11-01,90.00\nI-1,2026-11-02,10.00',
    args: S,
    ready: ['I-1 1000 2026-11-02 Acme Co.'],
  },
  // E10
  {
    fault: 'E10',
    name: 'lines below their bill',
    csv: 'Vendor,Invoice,Date,Description,Amount\nAcme Co.,J-1,2026-11-02,Paper,10.00\n,,,Toner,20.00\n,,,Ink,5.00\nAcme Co.,J-2,2026-11-02,Pens,1.00',
    ready: ['J-1 3500 2026-11-02 Acme Co.', 'J-2 100 2026-11-02 Acme Co.'],
    says: ['rows 1, 2 and 3 are lines of one bill'],
  },
  {
    fault: 'E10',
    name: 'the number repeated, with lines that differ',
    csv: 'Vendor,Invoice,Date,Item,Amount\nAcme Co.,J-1,2026-11-02,Paper,10.00\nAcme Co.,J-1,2026-11-02,Toner,20.00',
    ready: ['J-1 3000 2026-11-02 Acme Co.'],
  },
  {
    fault: 'E10',
    name: 'the total repeated on each line',
    csv: 'Vendor,Invoice,Date,Item,Amount\nAcme Co.,J-1,2026-11-02,Paper,30.00\nAcme Co.,J-1,2026-11-02,Toner,30.00',
    ready: [],
  },
  {
    fault: 'E10',
    name: 'the first line is the total',
    csv: 'Vendor,Invoice,Date,Description,Amount\nAcme Co.,J-1,2026-11-02,Bill,30.00\n,,,Toner,20.00\n,,,Ink,10.00',
    ready: [],
  },
  {
    fault: 'E10',
    name: 'the number repeated, and nothing tells lines',
    csv: 'Vendor,Invoice,Date,Amount\nAcme Co.,J-1,2026-11-02,30.00\nAcme Co.,J-1,2026-11-02,20.00',
    ready: [],
  },
  {
    fault: 'E10',
    name: 'a number missing in the next row',
    csv: 'Vendor,Invoice,Date,Amount\nAcme Co.,J-1,2026-11-02,30.00\nAcme Co.,,2026-11-02,20.00',
    ready: [],
  },
  {
    fault: 'E10',
    name: 'two identical rows',
    csv: 'Vendor,Invoice,Date,Amount\nAcme Co.,J-1,2026-11-02,30.00\nAcme Co.,J-1,2026-11-02,30.00',
    ready: ['J-1 3000 2026-11-02 Acme Co.'],
    says: ['is the same as row 1'],
  },
  // E11
  ...[
    '1.23E+11',
    'Mar-26',
    '26-Mar',
    'TRUE',
    'N/A',
    '-',
    '#REF!',
    '#N/A',
    '1001.0',
    '123456789012345000',
    'null',
    '########',
  ].map(
    (number): SheetCase => ({
      fault: 'E11',
      name: `number ${number}`,
      csv: `Vendor,Invoice,Date,Amount\nAcme Co.,${number},2026-11-02,10.00`,
      ready: [],
      says: ['looks damaged'],
    }),
  ),
  // E12
  {
    fault: 'E12',
    name: 'due before it was written',
    csv: 'Vendor,Invoice,Date,Due Date,Amount\nAcme Co.,K-1,2026-11-02,2026-10-02,10.00',
    ready: [],
  },
  {
    fault: 'E12',
    name: 'due in 2099',
    csv: 'Vendor,Invoice,Date,Due Date,Amount\nAcme Co.,K-1,2026-11-02,2099-12-02,10.00',
    ready: [],
  },
  {
    fault: 'E12',
    name: 'a discount above the amount',
    csv: 'Vendor,Invoice,Date,Discount,Amount\nAcme Co.,K-1,2026-11-02,11.00,10.00',
    ready: [],
  },
  {
    fault: 'E12',
    name: 'a discount of all that is open',
    csv: 'Vendor,Invoice,Date,Discount,Amount,Amount Due\nAcme Co.,K-1,2026-11-02,5.00,10.00,5.00',
    ready: [],
  },
  // E13
  {
    fault: 'E13',
    name: 'a minus far behind',
    csv: `Vendor,Invoice,Date,Amount\nAcme Co.,L-1,2026-11-02,10.00${' '.repeat(36)}-`,
    ready: [],
  },
  {
    fault: 'E13',
    name: 'CR far behind',
    csv: `Vendor,Invoice,Date,Amount\nAcme Co.,L-1,2026-11-02,10.00${' '.repeat(80)}CR`,
    ready: [],
  },
  {
    fault: 'E13',
    name: 'a minus that is no hyphen',
    csv: 'Vendor,Invoice,Date,Amount\nAcme Co.,L-1,2026-11-02,\u221210.00\nAcme Co.,L-2,2026-11-02,\u201310.00',
    ready: [],
  },
  {
    fault: 'E13',
    name: 'brackets',
    csv: 'Vendor,Invoice,Date,Amount\nAcme Co.,L-1,2026-11-02,$ (10.00)',
    ready: [],
  },
  // E14
  {
    fault: 'E14',
    name: 'an id as our lists show it',
    csv: 'Vendor,Invoice,Date,Amount\nsup_123,M-1,2026-11-02,10.00',
    ready: ['M-1 1000 2026-11-02 Backerei'],
  },
  {
    fault: 'E14',
    name: 'a name without its accents',
    csv: 'Vendor,Invoice,Date,Amount\nCafe Lumiere Catering,M-1,2026-11-02,10.00',
    ready: ['M-1 1000 2026-11-02 Café Lumière Catering'],
  },
  {
    fault: 'E14',
    name: 'part of a name',
    csv: 'Vendor,Invoice,Date,Amount\nLumière,M-1,2026-11-02,10.00',
    ready: [],
    says: ['Café Lumière Catering', 'sup_cafe'],
  },
  {
    fault: 'E14',
    name: 'an ampersand of HTML',
    csv: 'Vendor,Invoice,Date,Amount\nSmith &amp; Sons,M-1,2026-11-02,10.00',
    ready: ['M-1 1000 2026-11-02 Smith & Sons'],
  },
  // E15
  {
    fault: 'E15',
    name: 'Num, Name, Open Balance and a title',
    csv: 'Example Company\nUnpaid Bills Detail\nAs of November 23 2026\n\nDate,Num,Name,Due Date,Open Balance\n11/02/2026,N-1,Acme Co.,12/02/2026,"1,000.00"',
    ready: ['N-1 100000 2026-11-02 Acme Co.'],
  },
  {
    fault: 'E15',
    name: 'a markdown table',
    csv: '| Vendor | Invoice # | Date | Amt |\n|:---|---:|---|---|\n| Acme Co. | N-1 | 16-Nov-2026 | $1,250.00 |',
    ready: ['N-1 125000 2026-11-16 Acme Co.'],
  },
  {
    fault: 'E15',
    name: 'in a code fence',
    csv: '```csv\nVendor,Invoice,Date,Amount\nAcme Co.,N-1,"Nov 18, 2026",10.00\n```',
    ready: ['N-1 1000 2026-11-18 Acme Co.'],
  },
  {
    fault: 'E15',
    name: '30 days',
    csv: 'Vendor,Ref No,Date,Balance Due,Terms\nAcme Co.,N-1,2026-11-02,10.00,30 days',
    ready: ['N-1 1000 2026-11-02 Acme Co.'],
    says: ['2026-12-02'],
  },
  {
    fault: 'E15',
    name: 'net 30',
    csv: 'Vendor,Ref No,Date,Balance Due,Terms\nAcme Co.,N-1,2026-11-02,10.00,Net 30',
    ready: ['N-1 1000 2026-11-02 Acme Co.'],
    says: ['2026-12-02'],
  },
  {
    fault: 'E15',
    name: 'pipes alone',
    csv: 'Vendor|Invoice|Date|Amount\nAcme Co.|N-1|2026-11-02|"1,250.00"',
    ready: ['N-1 125000 2026-11-02 Acme Co.'],
  },
  {
    fault: 'E15',
    name: 'Bill.com',
    csv: 'Vendor Name,Invoice #,Invoice Date,Due Date,Amount,Amount Due,Approval Status,Payment Status\nAcme Co.,N-1,11/02/26,12/02/26,10.00,10.00,Approved,Unpaid\nAcme Co.,N-2,11/02/26,12/02/26,10.00,10.00,Pending approval,Unpaid',
    ready: ['N-1 1000 2026-11-02 Acme Co.'],
  },
  {
    fault: 'E15',
    name: 'Sage Intacct',
    csv: 'VENDORNAME,BILL_NO,WHENCREATED,WHENDUE,TOTALDUE,STATE',
    args: {},
    ready: [],
    waits: 'no rows below',
  },
  {
    fault: 'E15',
    name: 'Dynamics',
    csv: 'Vendor No.,External Document No.,Document Type,Posting Date,Due Date,Remaining Amount,On Hold\nACME-1,N-1,Invoice,2026-11-02,2026-12-02,10.00,\nACME-1,N-2,Payment,2026-11-02,2026-12-02,10.00,',
    ready: ['N-1 1000 2026-11-02 Acme Co.'],
  },
  {
    fault: 'E15',
    name: 'Zoho',
    csv: 'Bill Date,Bill Number,Vendor Name,Bill Status,Total,Balance\n2026-11-02,N-1,Acme Co.,Open,10.00,10.00\n2026-11-02,N-2,Acme Co.,Void,10.00,10.00',
    ready: ['N-1 1000 2026-11-02 Acme Co.'],
  },
  // E16
  {
    fault: 'E16',
    name: 'blank rows count',
    csv: 'Vendor,Invoice,Date,Amount\nAcme Co.,O-1,2026-11-02,10.00\n,,,\n\nAcme Co.,O-2,2026-11-02,-1',
    ready: ['O-1 1000 2026-11-02 Acme Co.'],
    says: ['4,5,amount_cents,is negative'],
  },
  // E17
  {
    fault: 'E17',
    name: 'says what became of each heading',
    csv: 'Vendor,Bill No.,Bill Date,Amt,Dept\nAcme Co.,Q-1,2026-11-02,10.00,IT',
    ready: ['Q-1 1000 2026-11-02 Acme Co.'],
    says: [
      'Columns: Vendor → supplier; Bill No. → invoice_number; Bill Date → invoice_date; Amt → amount.',
      'Columns not used: Dept.',
    ],
  },
]
