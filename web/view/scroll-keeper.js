// Keeps what is being read where it is. Either the end is followed, or the first message in sight stays on its
// line, whatever is added, removed or grows above and below it. The browser's own anchoring is switched off in
// the style sheet, so that there is one keeper and not two.

const FOLLOW_PX = 100;
const NEAR_PX = 800;
const NEW_MARGIN_PX = 72;

export class ScrollKeeper {
  following = true;
  #box;
  #content;
  #told;
  #anchor = null;
  #seen = { top: 0, height: 0 };
  #watch;

  /** @param told {hasEnd() → whether the last row is the room's last, moved({following, nearStart, nearEnd}) after each change of place} */
  constructor(box, content, told) {
    this.#box = box;
    this.#content = content;
    this.#told = told;
    this.#watch = new ResizeObserver(() => this.keep());
    this.#watch.observe(box);
    this.#watch.observe(content);
    box.addEventListener('scroll', this.#moved, { passive: true });
  }

  close() {
    this.#watch.disconnect();
    this.#box.removeEventListener('scroll', this.#moved);
  }

  /** After anything changed: puts back what must not move. */
  keep() {
    this.#noticeMove();
    if (this.following) this.#box.scrollTop = this.#box.scrollHeight;
    else if (this.#anchor?.element.isConnected) this.#box.scrollTop += this.#topOf(this.#anchor.element) - this.#anchor.top;
    this.#look();
  }

  toEnd() {
    this.following = true;
    this.keep();
  }

  /** Brings an element into sight; `margin` is what stays visible above it, the middle by default. */
  toElement(element, margin = null) {
    const above = margin ?? Math.max(NEW_MARGIN_PX, (this.#box.clientHeight - element.offsetHeight) / 2);
    this.#box.scrollTop += this.#topOf(element) - above;
    this.following = this.#below() <= 1 && this.#told.hasEnd();
    this.#look();
  }

  toDivider(element) {
    this.toElement(element, NEW_MARGIN_PX);
  }

  /** The last message that is in sight to its end, or as far as the box is high. */
  lastSeen() {
    const bottom = this.#box.getBoundingClientRect().bottom + 1;
    const rows = this.#rows();
    let low = 0;
    for (let high = rows.length; low < high;) {
      const middle = (low + high) >> 1;
      if (rows[middle].getBoundingClientRect().bottom <= bottom) low = middle + 1;
      else high = middle;
    }
    return rows[low - 1] ?? null;
  }

  #moved = () => {
    this.following = this.#isEnd(this.#below());
    this.#look();
  };

  /** The reader may have scrolled in the same moment, and the browser not have said so yet: what counts is where the end was then. */
  #noticeMove() {
    const { top, height } = this.#seen;
    const now = this.#box.scrollTop;
    if (Math.abs(now - top) < 1) return;
    this.following = this.#isEnd(Math.min(height, this.#box.scrollHeight) - now - this.#box.clientHeight);
    if (this.#anchor) this.#anchor.top -= now - top;
  }

  #look() {
    this.#seen = { top: this.#box.scrollTop, height: this.#box.scrollHeight };
    this.#anchor = this.#findAnchor();
    this.#told.moved({
      following: this.following,
      nearStart: this.#box.scrollTop < NEAR_PX,
      nearEnd: this.#below() < NEAR_PX,
    });
  }

  #findAnchor() {
    const rows = this.#rows();
    let low = 0;
    for (let high = rows.length; low < high;) {
      const middle = (low + high) >> 1;
      if (this.#topOf(rows[middle]) < 0) low = middle + 1;
      else high = middle;
    }
    const element = rows[low] ?? rows.at(-1);
    return element ? { element, top: this.#topOf(element) } : null;
  }

  /** The end of what is loaded is not followed: what comes below it is to be read first. */
  #isEnd(below) { return below <= FOLLOW_PX && this.#told.hasEnd(); }
  #rows() { return [...this.#content.querySelectorAll('article')]; }
  #below() { return this.#box.scrollHeight - this.#box.scrollTop - this.#box.clientHeight; }
  #topOf(element) { return element.getBoundingClientRect().top - this.#box.getBoundingClientRect().top; }
}
