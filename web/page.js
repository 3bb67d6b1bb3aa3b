// @ts-check
/**
 * The page's script. Without it the form works as a plain form; with it the sources light up while they are asked, the
 * two questions answer at once, and values are copied at a press. Found text becomes text nodes and attributes, never
 * markup (the content security policy would refuse it).
 */

/**
 * @typedef {string | TreeElement} Tree
 * @typedef {{ 0: string, 1: Record<string, string>, 2: Tree[] } & Array<any>} TreeElement
 */

const SVG = 'http://www.w3.org/2000/svg'
const SVG_TAGS = new Set(['svg', 'g', 'path', 'rect', 'text'])
const OUTCOMES = ['found', 'absent', 'failed', 'skipped']
/** Milliseconds for which a copy button says what it did. */
const COPIED_FOR = 2000

const form = /** @type {HTMLFormElement | null} */ (document.getElementById('ask'))
const result = document.getElementById('result')
const progress = document.getElementById('progress')
const status = document.getElementById('status')

/** @type {AbortController | null} */
let current = null

document.documentElement.classList.add('js')
document.addEventListener('click', copy)
if (form && result && progress && status) {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const data = new FormData(form, event.submitter)
    const correction = data.get('correction')
    const email = form.elements.namedItem('email')
    if (typeof correction === 'string' && email instanceof HTMLInputElement) email.value = correction
    void ask(data, { anew: true })
  })
  // Another language: the browser sends what was typed and shows the whole page anew.
  document.getElementById('languages')?.addEventListener('submit', (event) => {
    const kept = /** @type {HTMLFormElement} */ (event.target)
    kept.querySelectorAll('input').forEach((input) => input.remove())
    for (const [name, value] of new FormData(form)) {
      if (name === 'lang') continue
      const input = document.createElement('input')
      Object.assign(input, { type: 'hidden', name, value })
      kept.append(input)
    }
  })
  result.addEventListener('change', (event) => {
    if (event.target instanceof HTMLInputElement && event.target.type === 'radio') {
      void ask(new FormData(form), { anew: false })
    }
  })
}

/**
 * @param {FormData} data
 * @param {{ anew: boolean }} how anew: for another address; otherwise the advice alone changes
 */
async function ask(data, { anew }) {
  current?.abort()
  const controller = new AbortController()
  current = controller
  if (anew) begin()
  try {
    const response = await fetch('/', {
      method: 'POST',
      headers: { accept: 'text/event-stream' },
      body: new URLSearchParams(
        /** @type {[string, string][]} */ ([...data].map(([k, v]) => [k, String(v)])),
      ),
      signal: controller.signal,
    })
    const streams = response.headers.get('content-type')?.startsWith('text/event-stream')
    if (!streams || !response.body) {
      show(refusal(await response.json()), anew)
      return
    }
    let shown = false
    for await (const { event, data: text } of events(response.body)) {
      if (event === 'source' && anew) light(JSON.parse(text))
      if (event !== 'page') continue
      // What comes behind the first is the same anew, with what was found late: the reader stays where he is.
      show(JSON.parse(text), anew && !shown)
      shown = true
    }
    if (!shown) throw new TypeError('the stream ended early')
  } catch {
    if (controller.signal.aborted) return
    show(['p', { class: 'headline bad', id: 'answer', tabindex: '-1' }, [word('broken')]], anew)
  }
}

/** @param {{ title?: string, detail?: string }} problem @returns {Tree} */
function refusal({ title = '', detail = '' }) {
  return [
    'div',
    { class: 'headline bad' },
    [
      ['h2', { id: 'answer', tabindex: '-1' }, [title]],
      ['p', {}, [detail]],
    ],
  ]
}

/** A word in the page's language. @param {string} name */
function word(name) {
  return progress?.dataset[name] ?? ''
}

function begin() {
  for (const item of progress?.querySelectorAll('[data-source]') ?? [])
    setState(item, 'waiting', word('waiting'))
  if (progress) progress.hidden = false
  result?.replaceChildren()
  announce(word('searching'))
}

/** @param {{ source: string, outcome: string, durationMs: number }} report */
function light({ source, outcome }) {
  if (!OUTCOMES.includes(outcome)) return
  const item = progress?.querySelector(`[data-source="${CSS.escape(source)}"]`)
  if (item) setState(item, outcome, word(outcome))
}

/** @param {Element} item @param {string} state @param {string} text */
function setState(item, state, text) {
  item.className = `source ${state}`
  const place = item.querySelector('.source-state')
  if (place) place.textContent = text
}

/** @param {Tree} tree @param {boolean} anew */
function show(tree, anew) {
  if (!result || !progress) return
  const focused = document.activeElement?.id
  const open = [...result.querySelectorAll('details[open]')].map(({ id }) => id)
  result.replaceChildren(build(tree))
  progress.hidden = true
  const answer = document.getElementById('answer')
  announce(answer?.textContent ?? '')
  if (anew) {
    answer?.focus({ preventScroll: true })
    result.scrollIntoView({ block: 'start' })
    return
  }
  for (const id of open) document.getElementById(id)?.setAttribute('open', '')
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true })
}

/** @param {string} text */
function announce(text) {
  if (status) status.textContent = text
}

/** @param {Tree} tree @returns {Node} */
function build(tree) {
  if (typeof tree === 'string') return document.createTextNode(tree)
  const [tag, attributes, children] = tree
  const element = SVG_TAGS.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (!name.startsWith('on')) element.setAttribute(name, value)
  }
  element.append(...children.map(build))
  return element
}

/**
 * Server-sent events of a POST, which EventSource cannot send.
 * @param {ReadableStream<Uint8Array>} body
 */
async function* events(body) {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const match = /^event: (\w+)\ndata: (.*)$/.exec(block)
      if (match) yield { event: match[1] ?? '', data: match[2] ?? '' }
    }
  }
}

/** @param {MouseEvent} event */
async function copy(event) {
  const button = event.target instanceof Element ? event.target.closest('button[data-copy]') : null
  if (!(button instanceof HTMLButtonElement)) return
  const before = button.textContent
  try {
    await navigator.clipboard.writeText(button.dataset['copy'] ?? '')
  } catch {
    // No clipboard without https, or not allowed: mark the text, so that the reader can copy it himself.
    const value = button.parentElement?.querySelector('.value, pre')
    if (value) getSelection()?.selectAllChildren(value)
    return
  }
  button.textContent = word('copied') || before
  announce(button.textContent ?? '')
  setTimeout(() => {
    button.textContent = before
  }, COPIED_FOR)
}

// A module, with names of its own.
export {}
