// What the stream tells of things that the page does not keep: whoever shows them asks again.
import { useEffect } from 'preact/hooks';
import { useWorld } from './html.js';

/** @param names of events, as "settings.changed" */
export function useNews(names, again) {
  const { news } = useWorld();
  const told = news.value;
  useEffect(() => { if (told && names.includes(told.type)) again(); }, [told]);
}
