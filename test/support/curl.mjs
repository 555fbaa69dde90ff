// As much of curl as the shell blocks of the documents use, for machines that have none.
const options = { method: undefined, headers: {}, body: undefined, url: '', end: '' }
const words = process.argv.slice(2)
while (words.length > 0) {
  const word = words.shift()
  if (word === '-X') options.method = words.shift()
  else if (word === '-d') options.body = words.shift()
  else if (word === '-w') options.end = words.shift().replaceAll('\\n', '\n')
  else if (word === '-H') {
    const [name, ...value] = words.shift().split(':')
    options.headers[name] = value.join(':').trim()
  } else if (!/^(?:-[fsS]+|--fail-with-body)$/.test(word)) options.url = word
}
const { url, method = options.body === undefined ? 'GET' : 'POST', headers, body } = options
const response = await fetch(url, { method, headers, body })
process.stdout.write((await response.text()) + options.end)
if (!response.ok) {
  console.error(`curl: (22) The requested URL returned error: ${response.status}`)
  process.exitCode = 22
}
