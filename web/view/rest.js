// While somebody types nothing is asked; after a short rest the latest is.
import { useEffect, useRef } from 'preact/hooks';

const REST_MS = 200;

/** @returns what calls `run` with its last arguments */
export function useRest(run) {
  const timer = useRef(null);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (...values) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(run, REST_MS, ...values);
  };
}
