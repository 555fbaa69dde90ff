/** How programs head their columns, and the words they put into them. */
import type { Kind, State } from './bills.ts'

export type Words = {
  number: string
  supplier: string
  date: string
  due: string
  amount: string
  /** What is open, beside the amount. */
  open: string
  paid: string
  status: string
  states: Record<State, string>
  type: string
  kinds: Record<Kind, string>
  currency: string
}

const STATES: Record<State, string> = {
  open: 'Open',
  partly: 'Partially Paid',
  paid: 'Paid',
  void: 'Void',
  draft: 'Draft',
  held: 'On Hold',
}
const KINDS: Record<Kind, string> = { bill: 'Bill', credit: 'Vendor Credit', payment: 'Bill Payment' }
const BASE: Words = {
  number: 'Invoice #',
  supplier: 'Vendor',
  date: 'Invoice Date',
  due: 'Due Date',
  amount: 'Amount',
  open: 'Amount Due',
  paid: 'Amount Paid',
  status: 'Status',
  states: STATES,
  type: 'Type',
  kinds: KINDS,
  currency: 'Currency',
}

/** QuickBooks, NetSuite, Sage Intacct, Xero, Zoho, SAP, Dynamics, Bill.com, and people. */
export const PROGRAMS: readonly Words[] = [
  BASE,
  {
    ...BASE,
    number: 'Num',
    supplier: 'Name',
    date: 'Date',
    open: 'Open Balance',
    type: 'Transaction Type',
    kinds: { bill: 'Bill', credit: 'Vendor Credit', payment: 'Bill Payment (Check)' },
  },
  {
    ...BASE,
    number: 'Document Number',
    supplier: 'Name',
    date: 'Date',
    open: 'Amount Remaining',
    states: {
      ...STATES,
      partly: 'Partially Paid',
      paid: 'Paid In Full',
      void: 'Voided',
      draft: 'Pending Approval',
      held: 'Payment Hold',
    },
    kinds: { bill: 'Bill', credit: 'Bill Credit', payment: 'Bill Payment' },
  },
  {
    ...BASE,
    number: 'BILL_NO',
    supplier: 'VENDORNAME',
    date: 'WHENCREATED',
    due: 'WHENDUE',
    amount: 'TOTALENTERED',
    open: 'TOTALDUE',
    paid: 'TOTALPAID',
    status: 'STATE',
    states: {
      open: 'Posted',
      partly: 'Partially Paid',
      paid: 'Paid',
      void: 'Reversed',
      draft: 'Draft',
      held: 'On Hold',
    },
  },
  {
    ...BASE,
    number: 'InvoiceNumber',
    supplier: 'ContactName',
    date: 'InvoiceDate',
    due: 'DueDate',
    amount: 'Total',
    open: 'InvoiceAmountDue',
    paid: 'InvoiceAmountPaid',
    states: {
      open: 'AUTHORISED',
      partly: 'PARTIALLY PAID',
      paid: 'PAID',
      void: 'VOIDED',
      draft: 'DRAFT',
      held: 'SUBMITTED',
    },
    kinds: { bill: 'ACCPAY', credit: 'ACCPAYCREDIT', payment: 'ACCPAYPAYMENT' },
  },
  {
    ...BASE,
    number: 'Bill Number',
    supplier: 'Vendor Name',
    date: 'Bill Date',
    amount: 'Total',
    open: 'Balance',
    status: 'Bill Status',
    states: { ...STATES, partly: 'Partially Paid', draft: 'Pending', held: 'Overdue - on hold' },
    currency: 'Currency Code',
  },
  {
    ...BASE,
    number: 'Reference',
    supplier: 'Vendor',
    date: 'Document Date',
    due: 'Net Due Date',
    amount: 'Amount in Document Currency',
    open: 'Open Amount',
    type: 'Document Type',
    kinds: { bill: 'KR', credit: 'KG', payment: 'KZ' },
    currency: 'Document Currency',
  },
  {
    ...BASE,
    number: 'External Document No.',
    supplier: 'Vendor Name',
    date: 'Document Date',
    amount: 'Original Amount',
    open: 'Remaining Amount',
    type: 'Document Type',
    kinds: { bill: 'Invoice', credit: 'Credit Memo', payment: 'Payment' },
    currency: 'Currency Code',
  },
  {
    ...BASE,
    number: 'Invoice #',
    supplier: 'Vendor Name',
    status: 'Payment Status',
    states: {
      open: 'Unpaid',
      partly: 'Partially paid',
      paid: 'Paid',
      void: 'Void',
      draft: 'Unapproved',
      held: 'Do not pay',
    },
  },
  {
    ...BASE,
    number: 'Bill No.',
    supplier: 'Payee',
    date: 'Bill Date',
    amount: 'Amt',
    open: 'Balance Due',
    states: {
      open: 'unpaid',
      partly: 'part paid',
      paid: 'pd',
      void: 'cancelled',
      draft: 'awaiting approval',
      held: 'disputed',
    },
    kinds: { bill: 'inv', credit: 'cm', payment: 'pmt' },
  },
]
