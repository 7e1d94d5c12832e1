#include "image/sniff.h"

#include <stddef.h>
#include <string.h>

static bool has_at(struct span bytes, size_t place, const char *wanted, size_t length)
{
    return bytes.length >= place + length && memcmp(bytes.at + place, wanted, length) == 0;
}

#define HAS_AT(bytes, place, wanted) has_at((bytes), (place), (wanted), sizeof(wanted) - 1)

/* A box `ftyp`: size, "ftyp", the major brand, a version, the compatible brands. AVIF is one of the brands. */
static bool is_avif(struct span bytes)
{
    if (!HAS_AT(bytes, 4, "ftyp"))
        return false;
    size_t size = span_u32(bytes, 0);
    if (size > bytes.length)
        size = bytes.length;
    for (size_t place = 8; place + 4 <= size; place += place == 8 ? 8 : 4)
        if (HAS_AT(bytes, place, "avif"))
            return true;
    return false;
}

enum sniff_kind sniff_kind(struct span beginning)
{
    if (HAS_AT(beginning, 0, "\xff\xd8\xff"))
        return SNIFF_JPEG;
    if (HAS_AT(beginning, 0, "\x89PNG\r\n\x1a\n"))
        return SNIFF_PNG;
    if (HAS_AT(beginning, 0, "GIF87a") || HAS_AT(beginning, 0, "GIF89a"))
        return SNIFF_GIF;
    if (HAS_AT(beginning, 0, "RIFF") && HAS_AT(beginning, 8, "WEBP"))
        return SNIFF_WEBP;
    return is_avif(beginning) ? SNIFF_AVIF : SNIFF_NONE;
}
