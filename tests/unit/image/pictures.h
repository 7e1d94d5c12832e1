/* Picture files made on the spot, for the tests of fcgi/image/. A file belongs to whoever made it: buf_free(). */
#pragma once
#include "base/buf.h"

#include <stdlib.h>
#include <vips/vips.h>

enum { RED, GREEN, BLUE, WHITE, OTHER };

static const unsigned char colours[4][3] = {{220, 20, 20}, {20, 180, 20}, {20, 20, 220}, {250, 250, 250}};

/* Red above left, green above right, blue below left, white below right. */
__attribute__((unused)) static VipsImage *quarters(int width, int height)
{
    unsigned char *pixels = malloc((size_t)width * (size_t)height * 3);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            memcpy(pixels + 3 * ((size_t)y * (size_t)width + (size_t)x), colours[2 * (y >= height / 2) + (x >= width / 2)], 3);
    VipsImage *image = vips_image_new_from_memory_copy(pixels, (size_t)width * (size_t)height * 3, width, height, 3, VIPS_FORMAT_UCHAR);
    image->Type = VIPS_INTERPRETATION_sRGB;
    free(pixels);
    return image;
}

/* Something that does not compress away. */
__attribute__((unused)) static VipsImage *noise(int width, int height)
{
    size_t size = (size_t)width * (size_t)height * 3;
    unsigned char *pixels = malloc(size);
    unsigned state = 12345;
    for (size_t i = 0; i < size; i++)
        pixels[i] = (unsigned char)((state = state * 1103515245 + 12345) >> 16);
    VipsImage *image = vips_image_new_from_memory_copy(pixels, size, width, height, 3, VIPS_FORMAT_UCHAR);
    image->Type = VIPS_INTERPRETATION_sRGB;
    free(pixels);
    return image;
}

/* The file that libvips makes of an image for a suffix like ".jpg[Q=90]". Takes the image. */
__attribute__((unused)) static struct buf file_of(VipsImage *image, const char *suffix)
{
    struct buf file = {0};
    void *bytes = NULL;
    size_t length = 0;
    if (!image || vips_image_write_to_buffer(image, suffix, &bytes, &length, NULL))
        vips_error_exit("%s", suffix);
    buf_add(&file, bytes, length);
    g_free(bytes);
    g_object_unref(image);
    return file;
}

/* Frames below each other, each shown 70 ms. */
__attribute__((unused)) static VipsImage *film(int width, int height, int frames)
{
    VipsImage *parts[16], *roll = NULL;
    int delays[16];
    for (int i = 0; i < frames; i++) {
        parts[i] = quarters(width, height);
        delays[i] = 70;
        if (i % 2 == 1) {
            VipsImage *turned = NULL;
            vips_flip(parts[i], &turned, VIPS_DIRECTION_HORIZONTAL, NULL);
            g_object_unref(parts[i]);
            parts[i] = turned;
        }
    }
    vips_arrayjoin(parts, &roll, frames, "across", 1, NULL);
    for (int i = 0; i < frames; i++)
        g_object_unref(parts[i]);
    VipsImage *held = vips_image_copy_memory(roll);
    g_object_unref(roll);
    vips_image_set_int(held, VIPS_META_PAGE_HEIGHT, height);
    vips_image_set_array_int(held, "delay", delays, frames);
    return held;
}

/* A GIF by hand: a screen, and frames of one pixel each. */
__attribute__((unused)) static struct buf gif_of(unsigned width, unsigned height, int frames, bool has_end)
{
    struct buf file = {0};
    const char screen[] = {(char)width, (char)(width >> 8), (char)height, (char)(height >> 8), (char)0x80, 0, 0, 0, 0, 0, (char)255, (char)255, (char)255};
    static const char frame[] = "\x2c\0\0\0\0\1\0\1\0\0\2\2\x4c\1\0";
    buf_add_text(&file, "GIF89a");
    buf_add(&file, screen, sizeof screen);
    for (int i = 0; i < frames; i++)
        buf_add(&file, frame, sizeof frame - 1);
    if (has_end)
        buf_add_byte(&file, 0x3b);
    return file;
}

/* The colour of a pixel of a WebP file, by the name of the quarter it resembles most. */
__attribute__((unused)) static int colour_at(const struct buf *file, int page, double x, double y)
{
    VipsImage *image = NULL;
    double *pixel = NULL;
    int bands = 0, found = OTHER;
    if (vips_webpload_buffer(file->bytes, file->length, &image, "page", page, NULL)
        || vips_getpoint(image, &pixel, &bands, (int)(x * image->Xsize), (int)(y * image->Ysize), NULL))
        vips_error_exit(NULL);
    for (int i = 0; i < 4 && found == OTHER; i++)
        if (abs((int)pixel[0] - colours[i][0]) < 40 && abs((int)pixel[1] - colours[i][1]) < 40 && abs((int)pixel[2] - colours[i][2]) < 40)
            found = i;
    g_free(pixel);
    g_object_unref(image);
    return found;
}
