/*
 * Talking comes before pictures: how the nursery and its decoders leave the processors to whoever else wants them. It asks the
 * kernel for less and never for more, so it needs no rights; where the kernel does not know a wish, the others still hold.
 */
#pragma once

/*
 * While a decoder runs, the nursery wakes up so often. A decoder that had its turn keeps the processor until the kernel's next tick
 * (4 ms), whoever waits; when somebody wakes up there, the kernel chooses anew. (Beside one of two decoders: there is a third
 * processor then.)
 */
enum { YIELD_MS = 1 };

/* For the nursery and all that it bears: a session that is nice, and as few processors as decoders can use. */
void yield_as_nursery(long decoders);

/* For a decoder: whoever wakes up goes first. */
void yield_as_decoder(void);

/* So many decoders at a time leave a processor to others, where there is more than one: 1, or 2 from three processors on. */
long yield_decoders(void);
