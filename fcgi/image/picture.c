#include "image/picture.h"

#include "image/webp.h"

#include <stddef.h>
#include <string.h>

static const struct {
    int status;
    const char *name, *title;
} verdicts[] = {
    [PICTURE_FINE] = {201, "fine", ""},
    [PICTURE_DAMAGED] = {422, "damaged", "This image is damaged or was cut short."},
    [PICTURE_TOO_MANY_PIXELS] = {422, "pixels", "This image has too many pixels: at most 50 megapixels, and 100 in all frames of an animation."},
    [PICTURE_TOO_LONG] = {422, "side", "This image is too wide or too high: at most 65535 pixels a side."},
    [PICTURE_TOO_MANY_FRAMES] = {422, "frames", "This animation has too many frames: at most 2000."},
    [PICTURE_TOO_HARD] = {422, "hard", "This image takes more time or memory to read than an image should."},
    [PICTURE_NO_DECODER] = {503, "busy", "Too many images are arriving at the moment. Try again in a moment."},
};

enum { VERDICT_COUNT = sizeof verdicts / sizeof *verdicts };

void picture_init(struct picture *picture)
{
    *picture = (struct picture){0};
    buf_init(&picture->bytes, PICTURE_BYTES_MAX);
    buf_init(&picture->thumb, PICTURE_BYTES_MAX);
}

void picture_free(struct picture *picture)
{
    buf_free(&picture->bytes);
    buf_free(&picture->thumb);
}

int picture_status(enum picture_verdict verdict)
{
    return verdicts[verdict].status;
}

const char *picture_title(enum picture_verdict verdict)
{
    return verdicts[verdict].title;
}

const char *picture_verdict_name(enum picture_verdict verdict)
{
    return verdicts[verdict].name;
}

/* Eight numbers: verdict, animated, the four sides, the two lengths. Both ends run on the same machine. */
enum { FIELD_COUNT = PICTURE_HEADER_SIZE / sizeof(uint32_t) };

void picture_pack_header(unsigned char header[static PICTURE_HEADER_SIZE], const struct picture *picture)
{
    const uint32_t fields[FIELD_COUNT] = {
        picture->verdict, picture->animated, picture->width, picture->height, picture->thumb_width, picture->thumb_height,
        (uint32_t)picture->bytes.length, (uint32_t)picture->thumb.length,
    };
    memcpy(header, fields, sizeof fields);
}

static bool is_side(uint32_t side, uint32_t most)
{
    return side >= 1 && side <= most;
}

static bool are_sides_possible(const struct picture *picture)
{
    uint32_t most = picture->animated ? PICTURE_LONG_SIDE_ANIMATED : PICTURE_LONG_SIDE;
    return is_side(picture->width, most) && is_side(picture->height, most)
        && is_side(picture->thumb_width, PICTURE_THUMB_SIDE) && is_side(picture->thumb_height, PICTURE_THUMB_SIDE);
}

static bool take_bytes(struct picture *picture, struct span sent, uint32_t length, uint32_t thumb_length)
{
    if (sent.length != (size_t)length + thumb_length)
        return false;
    struct span bytes = {sent.at, length}, thumb = {sent.at + length, thumb_length};
    return webp_clean(&picture->bytes, bytes) && webp_clean(&picture->thumb, thumb);
}

static bool take_all(struct picture *picture, struct span sent)
{
    uint32_t fields[FIELD_COUNT];
    if (sent.length < sizeof fields)
        return false;
    memcpy(fields, sent.at, sizeof fields);
    if (fields[0] >= VERDICT_COUNT)
        return false;
    picture->verdict = (enum picture_verdict)fields[0];
    if (picture->verdict != PICTURE_FINE)
        return true;
    picture->animated = fields[1] != 0;
    picture->width = fields[2];
    picture->height = fields[3];
    picture->thumb_width = fields[4];
    picture->thumb_height = fields[5];
    return are_sides_possible(picture)
        && take_bytes(picture, (struct span){sent.at + sizeof fields, sent.length - sizeof fields}, fields[6], fields[7]);
}

void picture_take(struct picture *picture, struct span sent)
{
    if (!take_all(picture, sent))
        picture->verdict = PICTURE_TOO_HARD;
}
