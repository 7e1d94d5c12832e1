/*
 * The envelope of a call that came as a message: {"ref":…,"method":…,"path":…,"body":…}, taken apart without a judgement on what is in
 * it. The body goes on byte by byte as it came, so that it is judged where those of HTTP are, and by the same words.
 */
#pragma once
#include "base/span.h"

/* JSON text of each value, without spaces around it; empty where there is none. Of a name that comes twice the last counts. */
struct envelope {
    struct span ref, method, path, body;
};

/* False when it is no JSON object, as far as that can be seen without looking into its values. */
bool envelope_read(struct envelope *envelope, struct span text) __attribute__((warn_unused_result));
