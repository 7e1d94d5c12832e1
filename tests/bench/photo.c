// photo WIDTH HEIGHT COUNT FOLDER: writes JPEG files 1.jpg … that are as hard to decode as photographs, soft shapes under the noise of a
// sensor, and no two of them the same.
#include <stdio.h>
#include <stdlib.h>
#include <vips/vips.h>

#define QUALITY 88
#define SHAPE_SIDE 512 // pixels
#define NOISE 14.0     // of 255
#define STEP 37        // pixels from one to the next

// One channel: clouds from 0 to 255, and noise.
static VipsImage *make_channel(int width, int height, int seed)
{
    VipsImage *clouds, *scaled, *noise, *sum, *channel;
    if (vips_perlin(&clouds, width, height, "cell_size", SHAPE_SIDE, "seed", seed, NULL)
        || vips_linear1(clouds, &scaled, 127, 128, NULL)
        || vips_gaussnoise(&noise, width, height, "sigma", NOISE, "seed", seed, NULL)
        || vips_add(scaled, noise, &sum, NULL)
        || vips_cast_uchar(sum, &channel, NULL))
        vips_error_exit("no channel");
    return channel;
}

static VipsImage *make_photo(int width, int height)
{
    VipsImage *channels[3], *joined, *photo;
    for (int i = 0; i < 3; i++)
        channels[i] = make_channel(width, height, i + 1);
    if (vips_bandjoin(channels, &joined, 3, NULL)
        || vips_copy(joined, &photo, "interpretation", VIPS_INTERPRETATION_sRGB, NULL))
        vips_error_exit("no photograph");
    return vips_image_copy_memory(photo);
}

int main(int argc, char **argv)
{
    if (argc != 5 || VIPS_INIT(argv[0]))
        vips_error_exit("usage: photo WIDTH HEIGHT COUNT FOLDER");
    VipsImage *photo = make_photo(atoi(argv[1]), atoi(argv[2])), *moved;
    for (int i = 1; i <= atoi(argv[3]); i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%d.jpg", argv[4], i);
        if (vips_wrap(photo, &moved, "x", i * STEP, "y", i * STEP, NULL) || vips_jpegsave(moved, path, "Q", QUALITY, NULL))
            vips_error_exit("no file");
        g_object_unref(moved);
    }
    return 0;
}
