/*
 * The elements of Chatwoot's widget that pages watch, or click. They are invisible: the button and the panel are in the
 * frame.
 */

export interface Elements {
  /** Shows whether the widget is open. */
  show(isOpen: boolean): void
  /** Sets the id of the frame, which pages look for. A reset creates another frame. */
  name(): void
}

/** Adds the elements to the page. `inbox` is in the address of the frame; `toggle` is what a click on the button does. */
export function addElements(inbox: string, toggle: () => void): Elements {
  const holder = element('div', 'woot-widget-holder woot--hide')
  holder.id = 'cw-widget-holder'
  const bubbles = element('div', 'woot--bubble-holder')
  bubbles.id = 'cw-bubble-holder'
  const bubble = element('button', 'woot-widget-bubble')
  bubble.addEventListener('click', toggle)
  bubbles.append(bubble)
  document.documentElement.append(holder, bubbles)
  return {
    show: (isOpen) => void holder.classList.toggle('woot--hide', !isOpen),
    name() {
      const frame = document.querySelector(
        `iframe[src$=${JSON.stringify(`/widget/${encodeURIComponent(inbox)}`)}]`,
      )
      if (frame) frame.id = 'chatwoot_live_chat_widget'
    },
  }
}

function element(name: string, classes: string): HTMLElement {
  const created = document.createElement(name)
  created.className = classes
  created.hidden = true
  return created
}
