/* A stranger's file, whole, as the decoder gets it. (The bound keeps one input short; larger ones are the same code.) */
#include "image/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libvips forgets the encoder of an animation whose decoding fails half-way. A decoder's process ends with its file, so nobody pays for it. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libwebp\nleak:libvips";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool is_started;
    struct picture picture;
    if (!is_started)
        is_started = decode_start();
    if (!is_started || size > 64 << 10)
        return 0;
    picture_init(&picture);
    decode_picture((struct span){(const char *)data, size}, &picture);
    picture_free(&picture);
    return 0;
}
