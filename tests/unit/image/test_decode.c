#include "image/decode.h"

#include "pictures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *const suffixes[] = {".jpg[Q=95]", ".png", ".gif", ".webp[Q=95]", ".avif[Q=90,effort=0]"};
enum { SUFFIXES = sizeof suffixes / sizeof *suffixes };

static bool contains(const struct buf *bytes, const char *text)
{
    return memmem(bytes->bytes, bytes->length, text, strlen(text));
}

static enum picture_verdict verdict_of(struct span file)
{
    struct picture picture;
    picture_init(&picture);
    decode_picture(file, &picture);
    enum picture_verdict verdict = picture.verdict;
    if (verdict != PICTURE_FINE)
        assert_string_not_equal(picture_title(verdict), "");
    picture_free(&picture);
    return verdict;
}

/* Decodes a file, which it frees, and checks what is true of every picture. */
static void decode(struct buf file, struct picture *picture)
{
    picture_init(picture);
    decode_picture(buf_span(&file), picture);
    buf_free(&file);
    assert_int_equal(picture->verdict, PICTURE_FINE);
    assert_memory_equal(picture->bytes.bytes, "RIFF", 4);
    const char *const metadata[] = {"EXIF", "Exif", "XMP ", "ICCP"};
    for (size_t i = 0; i < sizeof metadata / sizeof *metadata; i++) {
        assert_false(contains(&picture->bytes, metadata[i]));
        assert_false(contains(&picture->thumb, metadata[i]));
    }
}

static void assert_quarters(const struct buf *bytes, int page, const int expected[4])
{
    static const double places[4][2] = {{0.2, 0.2}, {0.8, 0.2}, {0.2, 0.8}, {0.8, 0.8}};
    for (int i = 0; i < 4; i++)
        assert_int_equal(colour_at(bytes, page, places[i][0], places[i][1]), expected[i]);
}

static const int as_made[] = {RED, GREEN, BLUE, WHITE};

static void assert_is_quarters(const struct picture *picture, uint32_t width, uint32_t height)
{
    assert_int_equal(picture->width, width);
    assert_int_equal(picture->height, height);
    assert_quarters(&picture->bytes, 0, as_made);
    assert_quarters(&picture->thumb, 0, as_made);
}

static void test_every_format_becomes_webp(void **state)
{
    (void)state;
    for (int i = 0; i < SUFFIXES; i++) {
        struct picture picture;
        decode(file_of(quarters(300, 200), suffixes[i]), &picture);
        assert_is_quarters(&picture, 300, 200);
        assert_int_equal(picture.thumb_width, 300);
        assert_false(picture.animated);
        picture_free(&picture);
    }
}

static void test_what_is_large_is_made_smaller(void **state)
{
    (void)state;
    for (int i = 0; i < SUFFIXES; i++) {
        struct picture picture;
        decode(file_of(quarters(2100, 700), suffixes[i]), &picture);
        assert_is_quarters(&picture, 2048, 683);
        assert_int_equal(picture.thumb_width, 480);
        assert_int_equal(picture.thumb_height, 160);
        picture_free(&picture);
    }
}

/* JPEG is decoded at a fraction of its size here. */
static void test_a_very_large_jpeg_is_made_smaller(void **state)
{
    (void)state;
    struct picture picture;
    decode(file_of(quarters(4200, 5000), ".jpg"), &picture);
    assert_is_quarters(&picture, 1720, 2048);
    picture_free(&picture);
}

static void test_odd_shapes(void **state)
{
    (void)state;
    static const int shapes[][4] = {{1, 1, 1, 1}, {1, 9000, 1, 2048}, {9000, 1, 2048, 1}, {3, 65000, 1, 2048}, {2048, 2048, 2048, 2048}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct picture picture;
        decode(file_of(quarters(shapes[i][0], shapes[i][1]), ".png"), &picture);
        assert_int_equal(picture.width, shapes[i][2]);
        assert_int_equal(picture.height, shapes[i][3]);
        picture_free(&picture);
    }
}

/* The same stored pixels, shown as each value of the tag asks. */
static void test_every_orientation_is_turned_upright(void **state)
{
    (void)state;
    static const int expected[9][4] = {
        {0}, {RED, GREEN, BLUE, WHITE}, {GREEN, RED, WHITE, BLUE}, {WHITE, BLUE, GREEN, RED}, {BLUE, WHITE, RED, GREEN},
        {RED, BLUE, GREEN, WHITE}, {BLUE, RED, WHITE, GREEN}, {WHITE, GREEN, BLUE, RED}, {GREEN, WHITE, RED, BLUE},
    };
    static const char *const kinds[] = {".jpg[Q=95]", ".webp[Q=95]"};
    for (int orientation = 1; orientation <= 8; orientation++)
        for (int kind = 0; kind < 2; kind++) {
            struct picture picture;
            VipsImage *image = quarters(90, 60);
            vips_image_set_int(image, VIPS_META_ORIENTATION, orientation);
            decode(file_of(image, kinds[kind]), &picture);
            assert_int_equal(picture.width, orientation >= 5 ? 60 : 90);
            assert_int_equal(picture.height, orientation >= 5 ? 90 : 60);
            assert_quarters(&picture.bytes, 0, expected[orientation]);
            assert_quarters(&picture.thumb, 0, expected[orientation]);
            picture_free(&picture);
        }
}

static void test_the_place_where_it_was_taken_is_gone(void **state)
{
    (void)state;
    struct picture picture;
    VipsImage *image = quarters(90, 60);
    vips_image_set_string(image, "exif-ifd0-Artist", "somebody (somebody, ASCII, 9 components, 9 bytes)");
    vips_image_set_string(image, "exif-ifd3-GPSLatitude", "48/1 12/1 0/1 (48, Rational, 3 components, 24 bytes)");
    struct buf file = file_of(image, ".jpg");
    assert_true(contains(&file, "somebody"));
    decode(file, &picture);
    assert_false(contains(&picture.bytes, "somebody"));
    picture_free(&picture);
}

static VipsImage *converted(VipsImage *image, VipsInterpretation space)
{
    VipsImage *out = NULL;
    if (vips_colourspace(image, &out, space, NULL))
        vips_error_exit(NULL);
    g_object_unref(image);
    return out;
}

static void test_deep_pictures_keep_their_colours(void **state)
{
    (void)state;
    struct picture picture;
    decode(file_of(converted(quarters(300, 200), VIPS_INTERPRETATION_RGB16), ".png"), &picture);
    assert_is_quarters(&picture, 300, 200);
    picture_free(&picture);
}

static void test_cmyk_becomes_rgb(void **state)
{
    (void)state;
    struct picture picture;
    decode(file_of(converted(quarters(300, 200), VIPS_INTERPRETATION_CMYK), ".jpg[Q=95]"), &picture);
    assert_int_equal(colour_at(&picture.bytes, 0, 0.8, 0.8), WHITE);
    assert_int_equal(picture.width, 300);
    picture_free(&picture);
}

static void test_grey_of_eight_and_sixteen_bits(void **state)
{
    (void)state;
    static const char *const kinds[] = {".png", ".jpg"};
    for (int i = 0; i < 3; i++) {
        struct picture picture;
        decode(file_of(converted(quarters(300, 200), i == 2 ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W), kinds[i % 2]), &picture);
        assert_int_equal(colour_at(&picture.bytes, 0, 0.8, 0.8), WHITE);
        picture_free(&picture);
    }
}

static double alpha_at(const struct buf *file, int x, int y)
{
    VipsImage *image = NULL;
    double *pixel = NULL, alpha;
    int bands = 0;
    assert_int_equal(vips_webpload_buffer(file->bytes, file->length, &image, NULL), 0);
    assert_int_equal(vips_getpoint(image, &pixel, &bands, x, y, NULL), 0);
    assert_int_equal(bands, 4);
    alpha = pixel[3];
    g_free(pixel);
    g_object_unref(image);
    return alpha;
}

static void test_what_is_transparent_stays_so(void **state)
{
    (void)state;
    for (int large = 0; large < 2; large++) {
        struct picture picture;
        VipsImage *image = quarters(large ? 3000 : 300, large ? 2000 : 200), *half = NULL, *see_through = NULL;
        vips_linear1(image, &half, 0, 128, "uchar", TRUE, NULL);
        VipsImage *mask = NULL;
        vips_extract_band(half, &mask, 0, NULL);
        vips_bandjoin2(image, mask, &see_through, NULL);
        decode(file_of(see_through, ".png"), &picture);
        assert_in_range((int)alpha_at(&picture.bytes, 10, 10), 126, 130);
        assert_in_range((int)alpha_at(&picture.thumb, 10, 10), 126, 130);
        assert_int_equal(colour_at(&picture.bytes, 0, 0.2, 0.2), RED);
        picture_free(&picture);
        g_object_unref(image);
        g_object_unref(half);
        g_object_unref(mask);
    }
}

static void test_a_wide_profile_becomes_srgb(void **state)
{
    (void)state;
    struct picture picture;
    VipsImage *image = quarters(300, 200), *wide = NULL;
    assert_int_equal(vips_icc_transform(image, &wide, "p3", "input_profile", "srgb", NULL), 0);
    g_object_unref(image);
    struct buf file = file_of(wide, ".png");
    assert_true(contains(&file, "iCCP"));
    decode(file, &picture);
    assert_is_quarters(&picture, 300, 200);
    picture_free(&picture);
}

static void test_a_profile_that_makes_no_sense_is_passed_over(void **state)
{
    (void)state;
    struct picture picture;
    VipsImage *image = quarters(300, 200);
    vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, "not a profile at all", 20);
    decode(file_of(image, ".jpg[Q=95]"), &picture);
    assert_is_quarters(&picture, 300, 200);
    picture_free(&picture);
}

static void test_animations_stay_animated(void **state)
{
    (void)state;
    static const char *const kinds[] = {".gif", ".webp[Q=95]"};
    static const int turned[] = {GREEN, RED, WHITE, BLUE};
    for (int kind = 0; kind < 2; kind++) {
        struct picture picture;
        int *delays = NULL, count = 0;
        VipsImage *image = NULL;
        decode(file_of(film(120, 80, 4), kinds[kind]), &picture);
        assert_true(picture.animated);
        assert_int_equal(picture.width, 120);
        assert_int_equal(picture.height, 80);
        assert_quarters(&picture.bytes, 0, as_made);
        assert_quarters(&picture.bytes, 1, turned);
        assert_quarters(&picture.thumb, 0, as_made);
        assert_int_equal(vips_webpload_buffer(picture.bytes.bytes, picture.bytes.length, &image, "n", -1, NULL), 0);
        assert_int_equal(vips_image_get_n_pages(image), 4);
        assert_int_equal(vips_image_get_array_int(image, "delay", &delays, &count), 0);
        assert_int_equal(count, 4);
        assert_int_equal(delays[1], 70);
        g_object_unref(image);
        picture_free(&picture);
    }
}

static void test_a_large_animation_is_made_smaller(void **state)
{
    (void)state;
    static const int turned[] = {GREEN, RED, WHITE, BLUE};
    struct picture picture;
    decode(file_of(film(1500, 901, 3), ".gif"), &picture);
    assert_int_equal(picture.width, 1280);
    assert_int_equal(picture.height, 769);
    assert_int_equal(picture.thumb_width, 480);
    assert_quarters(&picture.bytes, 1, turned);
    assert_quarters(&picture.bytes, 2, as_made);
    picture_free(&picture);
}

static void test_a_file_that_was_cut_short_is_refused(void **state)
{
    (void)state;
    for (int i = 0; i < SUFFIXES; i++) {
        struct buf file = file_of(noise(200, 150), suffixes[i]);
        assert_int_equal(verdict_of(buf_span(&file)), PICTURE_FINE);
        for (size_t length = 0; length < file.length; length += 1024)
            assert_int_equal(verdict_of((struct span){file.bytes, length}), PICTURE_DAMAGED);
        buf_free(&file);
    }
}

/* Also when only its last bytes are missing, and all pixels are there. */
static void test_a_file_without_its_end_is_refused(void **state)
{
    (void)state;
    static const char *const kinds[] = {".jpg", ".jpg[interlace]", ".png", ".png[interlace]", ".png[palette]", ".gif", ".webp", ".webp[lossless]", ".avif[effort=0]"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct buf file = file_of(quarters(300, 200), kinds[i]);
        for (size_t missing = 1; missing <= 40; missing++)
            if (verdict_of((struct span){file.bytes, file.length - missing}) != PICTURE_DAMAGED)
                fail_msg("%s without its last %zu bytes", kinds[i], missing);
        buf_free(&file);
    }
}

static void test_an_animation_that_was_cut_short_is_refused(void **state)
{
    (void)state;
    static const char *const kinds[] = {".gif", ".webp[Q=95]"};
    for (int kind = 0; kind < 2; kind++) {
        struct buf file = file_of(film(400, 300, 6), kinds[kind]);
        for (size_t length = 1; length < file.length; length += 1024)
            assert_int_equal(verdict_of((struct span){file.bytes, length}), PICTURE_DAMAGED);
        buf_free(&file);
    }
}

static const char script[] = "<html><script>alert(document.cookie)</script></html>";

static void test_nothing_foreign_survives(void **state)
{
    (void)state;
    for (int i = 0; i < SUFFIXES; i++) {
        struct picture picture;
        struct buf file = file_of(quarters(300, 200), suffixes[i]);
        buf_add_text(&file, script);
        decode(file, &picture);
        assert_false(contains(&picture.bytes, "script"));
        assert_false(contains(&picture.thumb, "script"));
        picture_free(&picture);
    }
}

/* A comment inside of a GIF and a JPEG: files that are pages as well. */
static void test_comments_are_gone(void **state)
{
    (void)state;
    struct picture picture;
    struct buf gif = gif_of(4, 4, 1, false), jpeg = {0}, plain = file_of(quarters(300, 200), ".jpg");
    buf_add(&gif, "\x21\xfe", 2);
    buf_add_byte(&gif, (char)(sizeof script - 1));
    buf_add_text(&gif, script);
    buf_add(&gif, "\0\x3b", 2);
    decode(gif, &picture);
    assert_false(contains(&picture.bytes, "script"));
    picture_free(&picture);

    buf_add(&jpeg, plain.bytes, 2);
    buf_add(&jpeg, "\xff\xfe\0", 3);
    buf_add_byte(&jpeg, (char)(sizeof script - 1 + 2));
    buf_add_text(&jpeg, script);
    buf_add(&jpeg, plain.bytes + 2, plain.length - 2);
    buf_free(&plain);
    decode(jpeg, &picture);
    assert_false(contains(&picture.bytes, "script"));
    picture_free(&picture);
}

static void assert_refused(struct buf file, enum picture_verdict expected)
{
    assert_int_equal(verdict_of(buf_span(&file)), expected);
    buf_free(&file);
}

static void test_bombs_are_refused_by_their_header(void **state)
{
    (void)state;
    VipsImage *sea = NULL;
    vips_black(&sea, 9000, 9000, NULL);
    struct buf png = file_of(sea, ".png[bitdepth=1]");
    assert_in_range(png.length, 1, 100 << 10);
    assert_refused(png, PICTURE_TOO_MANY_PIXELS);
    assert_refused(gif_of(30000, 30000, 1, true), PICTURE_TOO_MANY_PIXELS);
    assert_refused(gif_of(2000, 2000, 30, true), PICTURE_TOO_MANY_PIXELS);
    assert_refused(gif_of(2, 2, 2001, true), PICTURE_TOO_MANY_FRAMES);

    VipsImage *lake = NULL;
    vips_black(&lake, 8000, 6400, NULL);
    struct buf webp = file_of(lake, ".webp[lossless,effort=0]");
    assert_in_range(webp.length, 1, 100 << 10);
    assert_refused(webp, PICTURE_TOO_MANY_PIXELS);

    struct buf jpeg = file_of(quarters(30, 20), ".jpg");
    char *frame = memmem(jpeg.bytes, jpeg.length, "\xff\xc0", 2);
    assert_non_null(frame);
    frame[5] = frame[7] = (char)0xfa;
    assert_refused(jpeg, PICTURE_TOO_MANY_PIXELS);
}

static void test_a_side_has_its_bound(void **state)
{
    (void)state;
    VipsImage *line = NULL;
    vips_black(&line, 70000, 1, NULL);
    assert_refused(file_of(line, ".png"), PICTURE_TOO_LONG);
}

static void test_what_is_no_image_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "hello, this is a text named .png", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
                                        "%PDF-1.4 1 0 obj", "P3 1 1 255 0 0 0", "\x89PNG\r\n\x1a\n and no more", "\xff\xd8\xff", "GIF89a"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(verdict_of(span_of(texts[i])), PICTURE_DAMAGED);
}

static int start(void **state)
{
    (void)state;
    return decode_start() ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_format_becomes_webp),
        cmocka_unit_test(test_what_is_large_is_made_smaller),
        cmocka_unit_test(test_a_very_large_jpeg_is_made_smaller),
        cmocka_unit_test(test_odd_shapes),
        cmocka_unit_test(test_every_orientation_is_turned_upright),
        cmocka_unit_test(test_the_place_where_it_was_taken_is_gone),
        cmocka_unit_test(test_deep_pictures_keep_their_colours),
        cmocka_unit_test(test_cmyk_becomes_rgb),
        cmocka_unit_test(test_grey_of_eight_and_sixteen_bits),
        cmocka_unit_test(test_what_is_transparent_stays_so),
        cmocka_unit_test(test_a_wide_profile_becomes_srgb),
        cmocka_unit_test(test_a_profile_that_makes_no_sense_is_passed_over),
        cmocka_unit_test(test_animations_stay_animated),
        cmocka_unit_test(test_a_large_animation_is_made_smaller),
        cmocka_unit_test(test_a_file_that_was_cut_short_is_refused),
        cmocka_unit_test(test_a_file_without_its_end_is_refused),
        cmocka_unit_test(test_an_animation_that_was_cut_short_is_refused),
        cmocka_unit_test(test_nothing_foreign_survives),
        cmocka_unit_test(test_comments_are_gone),
        cmocka_unit_test(test_bombs_are_refused_by_their_header),
        cmocka_unit_test(test_a_side_has_its_bound),
        cmocka_unit_test(test_what_is_no_image_is_refused),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
