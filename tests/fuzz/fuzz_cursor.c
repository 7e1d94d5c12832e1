/* Whatever is taken for a cursor comes back as the same text. */
#include "wire/cursor.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cursor cursor;
    char text[CURSOR_TEXT_MAX + 1];
    if (cursor_parse(&cursor, (const char *)data, size) && (cursor_format(text, &cursor) != size || memcmp(text, data, size) != 0))
        abort();
    return 0;
}
