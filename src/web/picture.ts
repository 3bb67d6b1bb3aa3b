/** IMAP beside POP3 as two small drawings: where the mail lives, and what happens on a second device. */
import type { Translator } from '../i18n/translate.js'
import { h, type TreeElement } from './tree.js'

type Way = 'imap' | 'pop3'

/** Where the three things stand; the drawing is 320 wide. */
const SERVER = { x: 110, y: 8 }
const PHONE = { x: 56, y: 118 }
const COMPUTER = { x: 206, y: 124 }

/** The way that is recommended, and the word for it. */
interface Chosen {
  readonly way: Way
  readonly badge: string
}

export function picture(text: Translator, chosen: Chosen | null): TreeElement {
  return h('div', { class: 'pictures' }, figure('imap', text, chosen), figure('pop3', text, chosen))
}

function figure(way: Way, text: Translator, chosen: Chosen | null): TreeElement {
  return h(
    'figure',
    { class: way === chosen?.way ? 'picture chosen' : 'picture' },
    h(
      'p',
      { class: 'picture-title' },
      h('strong', {}, way.toUpperCase()),
      way === chosen?.way ? h('span', { class: 'badge' }, chosen.badge) : null,
    ),
    drawing(way, text),
    h(
      'figcaption',
      {},
      text.text(`page-picture-${way}`),
      ' ',
      h('em', {}, text.text(`page-picture-second-${way}`)),
    ),
  )
}

function drawing(way: Way, text: Translator): TreeElement {
  const label = (x: number, y: number, words: string) =>
    h('text', { x: String(x), y: String(y), class: 'draw-label' }, words)
  const imap = way === 'imap'
  return h(
    'svg',
    { viewBox: '0 0 320 222', role: 'img', 'aria-label': text.text(`page-picture-${way}`), class: 'drawing' },
    box({ ...SERVER, width: 100, height: 58 }),
    label(160, 82, text.text('page-picture-server')),
    imap ? envelopes(SERVER.x + 14, SERVER.y + 18) : ghosts(SERVER.x + 14, SERVER.y + 18),
    arrow({ from: [138, 90], to: [84, 114], both: imap }),
    imap ? arrow({ from: [182, 90], to: [236, 118], both: true }) : missing(182, 90, 236, 118),
    box({ ...PHONE, width: 44, height: 74 }),
    envelope(PHONE.x + 11, PHONE.y + 16, 'mail'),
    envelope(PHONE.x + 11, PHONE.y + 40, 'mail'),
    label(78, 212, text.text('page-picture-phone')),
    box({ ...COMPUTER, width: 84, height: 56 }),
    line([196, 188], [300, 188]),
    imap
      ? h(
          'g',
          {},
          envelope(COMPUTER.x + 15, COMPUTER.y + 20, 'mail'),
          envelope(COMPUTER.x + 47, COMPUTER.y + 20, 'mail'),
        )
      : h('text', { x: '248', y: '162', class: 'draw-question' }, '?'),
    label(248, 212, text.text('page-picture-computer')),
  )
}

function box(at: { x: number; y: number; width: number; height: number }): TreeElement {
  return h('rect', {
    x: String(at.x),
    y: String(at.y),
    width: String(at.width),
    height: String(at.height),
    rx: '7',
    class: 'draw-box',
  })
}

function envelope(x: number, y: number, kind: 'mail' | 'ghost'): TreeElement {
  return h('path', {
    class: `draw-${kind}`,
    d: `M${x} ${y}h22v15h-22zm0 0l11 8l11 -8`,
  })
}

function envelopes(x: number, y: number): TreeElement {
  return h('g', {}, envelope(x, y + 4, 'mail'), envelope(x + 50, y + 4, 'mail'))
}

function ghosts(x: number, y: number): TreeElement {
  return h('g', {}, envelope(x, y + 4, 'ghost'), envelope(x + 50, y + 4, 'ghost'))
}

type Point = readonly [x: number, y: number]

function line([x1, y1]: Point, [x2, y2]: Point): TreeElement {
  return h('path', { class: 'draw-line', d: `M${x1} ${y1}L${x2} ${y2}` })
}

function arrow({ from, to, both }: { from: Point; to: Point; both: boolean }): TreeElement {
  return h('g', {}, line(from, to), head(from, to), both ? head(to, from) : null)
}

/** Two strokes at `tip`, pointing away from `tail`. */
function head([x0, y0]: Point, [x1, y1]: Point): TreeElement {
  const angle = Math.atan2(y1 - y0, x1 - x0)
  const stroke = (turn: number) => {
    const x = x1 - 9 * Math.cos(angle + turn)
    const y = y1 - 9 * Math.sin(angle + turn)
    return `M${x1} ${y1}L${x.toFixed(1)} ${y.toFixed(1)}`
  }
  return h('path', { class: 'draw-line', d: `${stroke(0.5)}${stroke(-0.5)}` })
}

/** Nothing comes this way: a broken line. */
function missing(...[x1, y1, x2, y2]: readonly [number, number, number, number]): TreeElement {
  return h('path', { class: 'draw-missing', d: `M${x1} ${y1}L${x2} ${y2}` })
}
