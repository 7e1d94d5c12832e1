/*
 * Talking comes before pictures: how the nursery and its decoders leave the processors to whoever else wants them. It asks the
 * kernel for less and never for more, so it needs no rights, and where the kernel does not know a wish, the others still hold.
 */
#pragma once

/*
 * While a decoder runs, the nursery wakes up so often. A decoder that had its turn keeps the processor until the kernel's next tick
 * (4 ms), whoever waits; when somebody wakes up there, the kernel chooses anew.
 */
enum { YIELD_MS = 1 };

/* For the nursery and all that it bears: a session that is nice, and as few processors as decoders can use. */
void yield_as_nursery(long decoders);

/* For a decoder: whoever wakes up goes first. */
void yield_as_decoder(void);

/* So many decoders at a time leave the machine usable: one less than processors and two at most, but one. */
long yield_decoders(void);
