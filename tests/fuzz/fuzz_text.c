/* Text: what was cleaned is clean, stays as it is when cleaned again, and comes back out of a JSON string. */
#include "wire/quote.h"
#include "wire/text.h"

#include <assert.h>
#include <jansson.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf once, twice;
    size_t code_points, again;
    buf_init(&once, 0);
    buf_init(&twice, 0);
    if (text_clean(&once, (struct span){(const char *)data, size}, &code_points) == TEXT_FINE) {
        assert(once.length <= size && code_points <= size);
        assert(text_clean(&twice, buf_span(&once), &again) == TEXT_FINE);
        assert(twice.length == once.length && again == code_points);
        buf_clear(&twice);
        quote_add(&twice, buf_span(&once));
        json_t *parsed = json_loadb(twice.bytes, twice.length, JSON_DECODE_ANY, NULL);
        assert(parsed && json_string_length(parsed) == once.length);
        json_decref(parsed);
    }
    buf_free(&once);
    buf_free(&twice);
    return 0;
}
