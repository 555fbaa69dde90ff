'use strict';{
for (const path of ["/dashboard","/oauth"]) document.cookie = 'finexio_zone=' + Intl.DateTimeFormat().resolvedOptions().timeZone + ';path=' + path + ';max-age=31536000;samesite=lax' + (location.protocol === 'https:' ? ';secure' : '')

const swap = (html, id) => {
  const old = document.getElementById(id)
  const fresh = new DOMParser().parseFromString(html, 'text/html').getElementById(id)
  if (old && fresh) old.replaceWith(document.adoptNode(fresh))
  return Boolean(fresh)
}
const fetchInto = async (event) => {
  event.preventDefault()
  const form = event.target
  const button = form.querySelector('button')
  button.setAttribute('aria-busy', 'true')
  try {
    const response = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) })
    if (!swap(await response.text(), form.dataset.into)) document.getElementById(form.dataset.into).textContent = 'This did not work: reload the page that led here, and try again.'
  } finally {
    button.removeAttribute('aria-busy')
  }
}

for (const button of document.querySelectorAll('[data-copy]')) button.hidden = !navigator.clipboard
document.addEventListener('click', async ({ target }) => {
  const button = target.closest('[data-copy]')
  if (!button) return
  const text = document.getElementById(button.dataset.copy).textContent
  await navigator.clipboard.writeText(text)
  const before = button.textContent
  button.textContent = 'Copied'
  setTimeout(() => { button.textContent = before }, 1500)
})

document.addEventListener('submit', (event) => {
  const { target, submitter } = event
  if (target.dataset.into) return fetchInto(event)
  if (target.method !== 'post' || target.target) return
  if (target.dataset.sent) return event.preventDefault()
  target.dataset.sent = '1'
  const button = submitter || target.querySelector('button')
  if (!button) return
  button.setAttribute('aria-busy', 'true')
  if (button.dataset.busy) button.textContent = button.dataset.busy
})
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('[data-sent]')) delete form.dataset.sent
  for (const button of document.querySelectorAll('[aria-busy]')) button.removeAttribute('aria-busy')
})

const preview = document.querySelector('form[data-preview]')
if (preview) {
  let waiting, latest = 0
  preview.addEventListener('change', () => {
    clearTimeout(waiting)
    waiting = setTimeout(async () => {
      const mine = ++latest
      const body = new URLSearchParams(new FormData(preview))
      body.set('step', 'preview')
      const response = await fetch(location.pathname, { method: 'POST', body })
      const html = await response.text()
      if (mine === latest) for (const id of ['preview', 'tags', 'start']) swap(html, id)
    }, 150)
  })
}

const goOn = async () => {
  for (let form; form = document.querySelector('form[data-goes-on]');)
    await fetchInto({ target: form, preventDefault() {} })
}
goOn()

document.addEventListener('click', async (event) => {
  const link = event.target.closest('a.more')
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  let open = link.nextElementSibling
  if (open) open.hidden = !open.hidden
  else {
    open = new DOMParser().parseFromString(await (await fetch(link.href)).text(), 'text/html').getElementById('more')
    if (!open) return location.assign(link.href)
    if (link.nextElementSibling) return
    open.removeAttribute('id')
    link.after(document.adoptNode(open))
  }
  link.setAttribute('aria-expanded', String(!open.hidden))
})

const live = document.querySelector('[data-live]')
if (live) setInterval(async () => {
  if (document.hidden || document.querySelector('#' + live.id + ' :is(:focus, [aria-expanded=true])')) return
  const response = await fetch(location.href)
  if (response.ok && !response.redirected) swap(await response.text(), live.id)
}, 5000)

document.querySelector('[data-focus]')?.focus()
}