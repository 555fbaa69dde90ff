/** Bodies that are no JSON text, by the kind of mistake. */

/** Not a JSON value wherever a value may stand. */
// biome-ignore format: one kind of mistake per line
const values = [
  // numbers
  '+1', '-', '--1', '01', '-01', '00', '1.', '.5', '-.5', '1.e3', '1e', '1e+', '1E-', '1e1.5', '0x1F', '0b1', '1_000', '1 000',
  '1,5.0.1', 'NaN', '-NaN', 'Infinity', '-Infinity', 'Inf', '1a', '٣', '1.2.3', '-x', '1e+-2', '0e', '2n',
  // words
  'tru', 'True', 'TRUE', 'nul', 'Null', 'NULL', 'undefined', 'truee', 'nullnull', 'fals', 'None', 'yes', 'truе',
  // strings
  '"', '"abc', 'abc"', "'abc'", '`abc`', '"a\\"', '"\\x41"', '"\\u12"', '"\\u12G4"', '"\\uD83D\\u"', '"\\a"', '"\\"x', '"\\ "', '"\\',
  '"a\nb"', '"a\tb"', '"a\u0000b"', '"a\u001fb"', '“abc”', '"\\U0041"', '"\\\u00e9"', '"a" "b"', '"a""b"',
  // objects
  '{', '}', '{,}', '{"a"}', '{"a":}', '{:1}', '{a:1}', "{'a':1}", '{"a":1,}', '{"a":1,,"b":2}', '{"a" 1}', '{"a":1 "b":2}', '{1:1}', '{null:1}',
  '{"a"::1}', '{"a":1}}', '{"a":1', '{"a', '{"a":[}', '{"a":"b"/**/}', '{"a":1//\n}', '{"a";1}', '{"a"=1}', '{...{}}', '{"a":1,"b"}', '{"a":{}',
  // arrays
  '[', ']', '[,]', '[,1]', '[1,]', '[1,,2]', '[1 2]', '[1;2]', '[1]]', '[1', '["a"', '["a",', '[1:2]', '[}', '[[]', '[1,\n', '[*]', '[1,]1', '[""x]',
  '(1)', '<1>', '[1}', '{"a":1]',
  // whitespace and comments
  '\u00a01', '\u20281', '\ufeff\ufeff1', '\f1', '\v1', '/* c */1', '1 // c', '# c\n1', '1\u0000', '\u2060',
]

const inMessage = (value: string) => `{"jsonrpc":"2.0","id":1,"method":"ping","params":${value}}`
const inArgument = (value: string) =>
  `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"a":[1,${value},2]}}}`

/** In these places the rest of the text makes sense of what is wrong alone. */
const onlyBare = new Set(['[1,,2]', '1,5.0.1'])

// biome-ignore format: one kind of mistake per line
const whole = [
  '', ' ', '\n', '\t\r\n', ',', ':', '{}{}', '{} {}', '{},', '[]{}', '1 1', '{"jsonrpc":"2.0"}x', '\u0000{}', '{}\u0000', ')]}\',\n{}', '<html></html>',
  'jsonrpc=2.0&method=ping', '--boundary\r\n', '["a"]["b"]', '{"jsonrpc":"2.0","id":1,"method":"ping"',
  '{"jsonrpc":"2.0","id":1,"method":"ping"}}', "{'jsonrpc':'2.0','id':1,'method':'ping'}",
  '{"jsonrpc":"2.0","id":1,"method":"ping",}', '{"jsonrpc":"2.0","id":01,"method":"ping"}', '{"jsonrpc":"2.0" "id":1}', '{jsonrpc:"2.0"}',
  'event: message\ndata: {}\n\n', 'null\nnull', '\u001e{}\n',
  '['.repeat(100_000), '{"a":'.repeat(50_000), '['.repeat(65), '"'.repeat(3), '\\'.repeat(10),
]

const bytes = (...values: number[]) => new Uint8Array(values)
const around = (...values: number[]) => bytes(0x22, ...values, 0x22)

/** Not UTF-8, or not UTF-8 JSON. */
// biome-ignore format: one kind of mistake per line
const encoded = [
  around(0xff), around(0xc3), around(0xc0, 0xaf), around(0xe0, 0x80, 0xaf), around(0xed, 0xa0, 0x80), around(0xf4, 0x90, 0x80, 0x80), around(0x80),
  around(0xf0, 0x9f, 0x98), around(0xfe, 0xff), bytes(0xef, 0xbb, 0xbf), bytes(0xef, 0xbb), bytes(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00),
  bytes(0xfe, 0xff, 0x00, 0x7b, 0x00, 0x7d), bytes(0x7b, 0x00, 0x7d, 0x00), bytes(0x00), bytes(0xe9), bytes(0x1f, 0x8b, 0x08, 0x00),
]

export const malformed: (string | Uint8Array)[] = [
  ...values,
  ...values.filter((value) => !onlyBare.has(value)).flatMap((value) => [inMessage(value), inArgument(value)]),
  ...whole,
  ...encoded,
]
