#include "image/gif.h"
#include "image/sniff.h"

#include "pictures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static enum sniff_kind sniff(const char *bytes, size_t length)
{
    return sniff_kind((struct span){bytes, length});
}

#define SNIFF(text) sniff(text, sizeof(text) - 1)

static void test_the_first_bytes_tell(void **state)
{
    (void)state;
    assert_int_equal(SNIFF("\xff\xd8\xff\xe0"), SNIFF_JPEG);
    assert_int_equal(SNIFF("\x89PNG\r\n\x1a\n"), SNIFF_PNG);
    assert_int_equal(SNIFF("GIF87a"), SNIFF_GIF);
    assert_int_equal(SNIFF("GIF89a"), SNIFF_GIF);
    assert_int_equal(SNIFF("RIFF\x10\0\0\0WEBPVP8 "), SNIFF_WEBP);
    assert_int_equal(SNIFF("\0\0\0\x1c" "ftypavif\0\0\0\0mif1miaf"), SNIFF_AVIF);
    assert_int_equal(SNIFF("\0\0\0\x1c" "ftypmif1\0\0\0\0miafavif"), SNIFF_AVIF);
}

static void test_all_else_is_no_image(void **state)
{
    (void)state;
    assert_int_equal(SNIFF(""), SNIFF_NONE);
    assert_int_equal(SNIFF("\xff\xd8"), SNIFF_NONE);
    assert_int_equal(SNIFF("hello"), SNIFF_NONE);
    assert_int_equal(SNIFF("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), SNIFF_NONE);
    assert_int_equal(SNIFF("%PDF-1.7"), SNIFF_NONE);
    assert_int_equal(SNIFF("RIFF\x10\0\0\0WAVEfmt "), SNIFF_NONE);
    assert_int_equal(SNIFF("II*\0"), SNIFF_NONE);
    assert_int_equal(SNIFF("\0\0\0\x18" "ftypheic\0\0\0\0mif1heic"), SNIFF_NONE);
}

static void test_a_brand_beyond_the_box_does_not_count(void **state)
{
    (void)state;
    assert_int_equal(SNIFF("\0\0\0\x10" "ftypheic\0\0\0\0avif"), SNIFF_NONE);
    assert_int_equal(SNIFF("\xff\xff\xff\xff" "ftyp"), SNIFF_NONE);
    assert_int_equal(SNIFF("\0\0\0\x04" "ftypavif"), SNIFF_NONE);
}

static void test_a_gif_is_walked_to_its_end(void **state)
{
    (void)state;
    struct gif_shape shape;
    struct buf file = gif_of(640, 480, 3, true);
    assert_true(gif_walk(buf_span(&file), &shape));
    assert_int_equal(shape.width, 640);
    assert_int_equal(shape.height, 480);
    assert_int_equal(shape.frames, 3);
    for (size_t length = 0; length < file.length; length++)
        assert_false(gif_walk((struct span){file.bytes, length}, &shape));
    buf_free(&file);
}

static void test_a_gif_without_its_end_is_cut_short(void **state)
{
    (void)state;
    struct gif_shape shape;
    struct buf file = gif_of(640, 480, 3, false);
    assert_false(gif_walk(buf_span(&file), &shape));
    buf_add_byte(&file, 0x77); /* no such block */
    assert_false(gif_walk(buf_span(&file), &shape));
    buf_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_first_bytes_tell),
        cmocka_unit_test(test_all_else_is_no_image),
        cmocka_unit_test(test_a_brand_beyond_the_box_does_not_count),
        cmocka_unit_test(test_a_gif_is_walked_to_its_end),
        cmocka_unit_test(test_a_gif_without_its_end_is_cut_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
