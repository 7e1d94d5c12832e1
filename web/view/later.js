// Components that are only loaded when they are first shown: what the first picture does not need.
import { useEffect, useState } from 'preact/hooks';
import { html } from './html.js';

/** @param load () → promise of the component */
export function later(load) {
  let loaded = null;
  return function Later(props) {
    const [, setReady] = useState(false);
    useEffect(() => { if (!loaded) load().then((component) => { loaded = component; setReady(true); }, () => {}); }, []);
    return loaded && html`<${loaded} ...${props} />`;
  };
}
