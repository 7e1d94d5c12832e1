// Components that are only loaded when they are first shown: what the first picture does not need.
import { useEffect, useState } from 'preact/hooks';
import { html, useWorld } from './html.js';

/**
 * @param load () → promise of the component
 * @param away closes again what cannot be shown
 */
export function later(load, away) {
  let loaded = null;
  return function Later(props) {
    const world = useWorld();
    const [, setReady] = useState(false);
    useEffect(() => {
      if (!loaded) load().then((component) => { loaded = component; setReady(true); }, () => { away(); missing(world); });
    }, []);
    return loaded && html`<${loaded} ...${props} />`;
  };
}

/** Without a server there is nothing to load from; with one, it has a newer page, whose files this one does not know. */
export function missing(world) {
  world.api.get('/hello').then(() => renew(world), (problem) => world.complain(problem));
}

/** Not while there are images that a reload would lose: the list of rooms offers it when they are sent. */
function renew(world) {
  if (world.uploads.pending) world.notify('newVersion');
  else location.reload();
}
