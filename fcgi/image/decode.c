#include "image/decode.h"

#include "image/gif.h"
#include "image/png.h"
#include "image/sniff.h"
#include "image/webp.h"

#include <malloc.h>
#include <string.h>
#include <vips/vips.h>
#include <vips/vector.h>

enum { QUALITY = 80, EFFORT = 1, EFFORT_ANIMATED = 0 };

static void ignore_message(const char *domain, GLogLevelFlags level, const char *message, void *unused)
{
    (void)domain, (void)level, (void)message, (void)unused; /* what a file provokes does not belong into our log */
}

bool decode_start(void)
{
    g_log_set_default_handler(ignore_message, NULL);
    mallopt(M_ARENA_MAX, 1);        /* each further one takes 64 MB of the address space that a decoder may have */
    vips_vector_set_enabled(FALSE); /* its code generator wants memory that is written and executed */
    g_setenv("VIPS_DISC_THRESHOLD", "1000g", TRUE); /* there is no disk to put large pictures on */
    if (VIPS_INIT("parley-image"))
        return false;
    vips_block_untrusted_set(TRUE);
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    return true;
}

/* A loader is asked for by name: libvips is never let guess. */
static VipsImage *load(enum sniff_kind kind, struct span file, int frames, int shrink)
{
    void *bytes = (void *)(uintptr_t)file.at;
    VipsImage *image = NULL;
#define HOW "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_TRUNCATED
    switch (kind) {
    case SNIFF_JPEG:
        vips_jpegload_buffer(bytes, file.length, &image, HOW, "shrink", shrink, NULL);
        break;
    case SNIFF_PNG:
        vips_pngload_buffer(bytes, file.length, &image, HOW, NULL);
        break;
    case SNIFF_GIF:
        vips_gifload_buffer(bytes, file.length, &image, HOW, "n", frames, NULL);
        break;
    case SNIFF_WEBP:
        vips_webpload_buffer(bytes, file.length, &image, HOW, "n", frames, NULL);
        break;
    case SNIFF_AVIF:
        vips_heifload_buffer(bytes, file.length, &image, HOW, NULL);
        break;
    case SNIFF_NONE:
        break;
    }
#undef HOW
    return image;
}

/* An AVIF file may hold pictures of other codecs, whose decoders nobody asked for. */
static bool is_of_this_codec(enum sniff_kind kind, VipsImage *header)
{
    const char *codec;
    return kind != SNIFF_AVIF || (!vips_image_get_string(header, "heif-compression", &codec) && strcmp(codec, "av1") == 0);
}

static int frames_of(VipsImage *header)
{
    return vips_image_get_n_pages(header);
}

/* By what the header says, before a pixel is decoded. */
static enum picture_verdict judge_size(uint64_t width, uint64_t height, uint64_t frames)
{
    if (width < 1 || height < 1 || frames < 1)
        return PICTURE_DAMAGED;
    if (width > PICTURE_SIDE_MAX || height > PICTURE_SIDE_MAX)
        return PICTURE_TOO_LONG;
    if (frames > PICTURE_FRAMES_MAX)
        return PICTURE_TOO_MANY_FRAMES;
    return width * height > PICTURE_PIXELS_MAX || width * height * frames > PICTURE_ROLL_MAX ? PICTURE_TOO_MANY_PIXELS : PICTURE_FINE;
}

/* Our own walk first: decoders take a GIF without its end, and some allocate by its header. */
static enum picture_verdict judge_gif(struct span file)
{
    struct gif_shape shape;
    bool is_whole = gif_walk(file, &shape);
    enum picture_verdict size = judge_size(shape.width, shape.height, shape.frames ? shape.frames : 1);
    return size != PICTURE_FINE ? size : is_whole && shape.frames ? PICTURE_FINE : PICTURE_DAMAGED;
}

static enum picture_verdict judge_header(enum sniff_kind kind, struct span file, VipsImage **header)
{
    *header = load(kind, file, 1, 1);
    if (!*header || !is_of_this_codec(kind, *header))
        return PICTURE_DAMAGED;
    bool may_move = kind == SNIFF_GIF || kind == SNIFF_WEBP;
    return judge_size((uint64_t)(*header)->Xsize, (uint64_t)(*header)->Ysize, may_move ? (uint64_t)frames_of(*header) : 1);
}

/* JPEG decodes at a half, a quarter or an eighth for much less: the smallest of them that is still large enough. */
static int shrink_of(VipsImage *header)
{
    int side = VIPS_MAX(header->Xsize, header->Ysize), shrink = 1;
    while (shrink < 8 && side / (shrink * 2) >= PICTURE_LONG_SIDE)
        shrink *= 2;
    return shrink;
}

/* Puts *next, what an operation made of *image, into its place; false when it failed. */
static bool replace(VipsImage **image, int failed, VipsImage **next)
{
    if (failed)
        return false;
    g_object_unref(*image);
    *image = *next;
    return true;
}

/* The pixels themselves, decoded. Here a file that was cut short fails. */
static bool hold(VipsImage **image)
{
    VipsImage *held = vips_image_copy_memory(*image);
    return replace(image, !held, &held);
}

/* Colours of transparent pixels must not bleed into their neighbours: alpha is multiplied in, and out again. */
static bool resize_with_alpha(VipsImage **image, double scale, double vscale, VipsKernel kernel)
{
    VipsImage *next = NULL;
    VipsBandFormat format = (*image)->BandFmt;
    double most = format == VIPS_FORMAT_USHORT ? 65535 : 255;
    return replace(image, vips_premultiply(*image, &next, "max_alpha", most, NULL), &next)
        && replace(image, vips_resize(*image, &next, scale, "vscale", vscale, "kernel", kernel, NULL), &next)
        && replace(image, vips_unpremultiply(*image, &next, "max_alpha", most, NULL), &next)
        && replace(image, vips_cast(*image, &next, format, NULL), &next);
}

/* Within a square of `side`, never larger than it was; every frame of a roll keeps its place. */
static bool fit(VipsImage **image, int side, VipsKernel kernel)
{
    VipsImage *next = NULL;
    int width = (*image)->Xsize, height = vips_image_get_page_height(*image), frames = (*image)->Ysize / height;
    double scale = (double)side / VIPS_MAX(width, height);
    if (scale >= 1)
        return true;
    int new_height = VIPS_MAX(1, VIPS_RINT(height * scale));
    double hscale = VIPS_MAX(scale, 1.0 / width), vscale = (double)new_height / height;
    bool done = vips_image_hasalpha(*image)
        ? resize_with_alpha(image, hscale, vscale, kernel)
        : replace(image, vips_resize(*image, &next, hscale, "vscale", vscale, "kernel", kernel, NULL), &next);
    if (done && frames > 1)
        vips_image_set_int(*image, VIPS_META_PAGE_HEIGHT, new_height);
    return done;
}

static bool is_deep(VipsImage *image)
{
    return image->Type == VIPS_INTERPRETATION_RGB16 || image->Type == VIPS_INTERPRETATION_GREY16;
}

/* Whatever came (16 bit, CMYK, grey, a wide profile): eight bits of sRGB. A profile that makes no sense is passed over. */
static bool make_plain(VipsImage **image)
{
    VipsImage *next = NULL;
    if (is_deep(*image) && !replace(image, vips_colourspace(*image, &next, VIPS_INTERPRETATION_sRGB, NULL), &next))
        return false;
    if (vips_image_get_typeof(*image, VIPS_META_ICC_NAME)
        && vips_icc_transform(*image, &next, "srgb", "embedded", TRUE, "depth", 8, NULL) == 0)
        (void)replace(image, 0, &next);
    if ((*image)->Type != VIPS_INTERPRETATION_sRGB && !replace(image, vips_colourspace(*image, &next, VIPS_INTERPRETATION_sRGB, NULL), &next))
        return false;
    return (*image)->BandFmt == VIPS_FORMAT_UCHAR || replace(image, vips_cast(*image, &next, VIPS_FORMAT_UCHAR, NULL), &next);
}

/* Turning needs all pixels at hand, so it comes when they are few. */
static bool make_upright(VipsImage **image)
{
    VipsImage *next = NULL;
    return hold(image) && replace(image, vips_autorot(*image, &next, NULL), &next);
}

/*
 * All that a file said beside its pixels, but how its frames follow each other. Left to `strip`, libvips 8.14 still reads a
 * stranger's EXIF here, and reads it after it was freed.
 */
static void forget_metadata(VipsImage *image)
{
    static const char *const kept[] = {VIPS_META_PAGE_HEIGHT, VIPS_META_N_PAGES, "delay", "loop", NULL};
    gchar **fields = vips_image_get_fields(image);
    for (gchar **field = fields; *field; field++)
        if (!g_strv_contains(kept, *field))
            vips_image_remove(image, *field);
    g_strfreev(fields);
}

/* What is left in the file then is an EXIF chunk of libvips' own making, and that goes as well. */
static bool encode(VipsImage *image, bool animated, struct buf *out)
{
    forget_metadata(image);
    void *bytes = NULL;
    size_t length = 0;
    if (vips_webpsave_buffer(image, &bytes, &length, "Q", QUALITY, "effort", animated ? EFFORT_ANIMATED : EFFORT, "strip", TRUE, NULL))
        return false;
    bool is_clean = webp_clean(out, (struct span){bytes, length});
    g_free(bytes);
    return is_clean;
}

static bool make_thumb(VipsImage **image, struct picture *picture)
{
    if (!fit(image, PICTURE_THUMB_SIDE, VIPS_KERNEL_LANCZOS3) || !hold(image) || !encode(*image, false, &picture->thumb))
        return false;
    picture->thumb_width = (uint32_t)(*image)->Xsize;
    picture->thumb_height = (uint32_t)(*image)->Ysize;
    return true;
}

/* Smaller first: profiles and turning are dear, and of few pixels they cost little. */
static bool make_still(VipsImage **image, struct picture *picture)
{
    if (!fit(image, PICTURE_LONG_SIDE, VIPS_KERNEL_CUBIC) || !make_upright(image) || !make_plain(image) || !hold(image)
        || !encode(*image, false, &picture->bytes))
        return false;
    picture->width = (uint32_t)(*image)->Xsize;
    picture->height = (uint32_t)(*image)->Ysize;
    return make_thumb(image, picture);
}

static bool make_thumb_of_first(VipsImage **image, struct picture *picture)
{
    return fit(image, PICTURE_LONG_SIDE, VIPS_KERNEL_CUBIC) && make_plain(image) && hold(image) && make_thumb(image, picture);
}

/* All frames stand below each other in one tall image. */
static bool make_animation(VipsImage **roll, struct picture *picture)
{
    picture->animated = true;
    if (!fit(roll, PICTURE_LONG_SIDE_ANIMATED, VIPS_KERNEL_LINEAR) || !make_plain(roll) || !encode(*roll, true, &picture->bytes))
        return false;
    picture->width = (uint32_t)(*roll)->Xsize;
    picture->height = (uint32_t)vips_image_get_page_height(*roll);
    return true;
}

static bool make(enum sniff_kind kind, struct span file, VipsImage *header, struct picture *picture)
{
    bool moves = (kind == SNIFF_GIF || kind == SNIFF_WEBP) && frames_of(header) > 1;
    VipsImage *first = load(kind, file, 1, shrink_of(header));
    bool done = first && (moves ? make_thumb_of_first(&first, picture) : make_still(&first, picture));
    if (first)
        g_object_unref(first);
    if (!done || !moves)
        return done;
    VipsImage *roll = load(kind, file, -1, 1);
    done = roll && make_animation(&roll, picture);
    if (roll)
        g_object_unref(roll);
    return done;
}

/* What can be said without a decoder. */
static enum picture_verdict judge_file(enum sniff_kind kind, struct span file)
{
    if (kind == SNIFF_GIF)
        return judge_gif(file);
    return kind == SNIFF_PNG && !png_is_whole(file) ? PICTURE_DAMAGED : PICTURE_FINE;
}

void decode_picture(struct span file, struct picture *picture)
{
    VipsImage *header = NULL;
    enum sniff_kind kind = sniff_kind(file);
    picture->verdict = judge_file(kind, file);
    if (picture->verdict == PICTURE_FINE)
        picture->verdict = judge_header(kind, file, &header);
    if (picture->verdict == PICTURE_FINE && !make(kind, file, header, picture))
        picture->verdict = PICTURE_DAMAGED;
    if (header)
        g_object_unref(header);
    vips_error_clear();
}
