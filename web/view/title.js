// The title and the icon of the browser's tab: where I am, and how much waits elsewhere.
import { useEffect } from 'preact/hooks';
import { harmless } from '../lib/text.js';
import { words } from '../lib/words.js';

const ICON = '/icons/icon.svg';
const SIZE = 64;
const REST_MS = 150;

export function useTitle(world, server) {
  const room = world.rooms.of(world.rooms.open.value);
  const title = words.title(room && harmless(world.rooms.nameOf(room)), harmless(server));
  const unread = world.rooms.unread.value;
  const mentions = world.rooms.mentions.value;
  useSettled(() => { document.title = unread ? words.titleUnread(unread, title) : title; }, [title, unread]);
  useSettled(() => { drawIcon(unread, mentions); }, [unread > 0, mentions]);
  useEffect(() => () => { document.title = server; drawIcon(0, 0); }, []);
}

/** A message that is read as soon as it comes is not worth a new title. */
function useSettled(show, inputs) {
  useEffect(() => {
    const timer = setTimeout(show, REST_MS);
    return () => clearTimeout(timer);
  }, inputs);
}

async function drawIcon(unread, mentions) {
  const link = document.querySelector('link[rel="icon"]');
  if (!unread && !mentions) { link.href = ICON; return; }
  const image = new Image(SIZE, SIZE);
  image.src = ICON;
  await image.decode().catch(() => {});
  const canvas = Object.assign(document.createElement('canvas'), { width: SIZE, height: SIZE });
  const pen = canvas.getContext('2d');
  pen.drawImage(image, 0, 0, SIZE, SIZE);
  drawMark(pen, mentions);
  link.href = canvas.toDataURL('image/png');
}

function drawMark(pen, mentions) {
  const radius = mentions ? 20 : 13;
  pen.fillStyle = token(mentions ? '--badge' : '--badge-quiet');
  pen.beginPath();
  pen.arc(SIZE - radius, radius, radius, 0, 2 * Math.PI);
  pen.fill();
  if (!mentions) return;
  pen.fillStyle = token('--on-picture');
  pen.font = 'bold 28px sans-serif';
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(mentions > 9 ? '9+' : String(mentions), SIZE - radius, radius + 2);
}

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name);
