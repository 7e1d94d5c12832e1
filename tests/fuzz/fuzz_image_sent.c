/* What a decoder sent, which may have been taken over: the first 32 bytes are its numbers, the rest should be two WebP files. */
#include "image/picture.h"
#include "image/webp.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was cleaned once is clean. */
static void check_clean(const struct buf *file)
{
    struct buf again = {0};
    if (!webp_clean(&again, buf_span(file)) || again.length != file->length)
        abort();
    buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct picture picture;
    picture_init(&picture);
    picture_take(&picture, (struct span){(const char *)data, size});
    if (picture.verdict == PICTURE_FINE) {
        check_clean(&picture.bytes);
        check_clean(&picture.thumb);
    }
    picture_free(&picture);
    return 0;
}
