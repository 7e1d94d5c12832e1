#include "image/picture.h"
#include "image/webp.h"

#include <stdio.h>
#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char still[] = "RIFF\x0c\0\0\0WEBPVP8L\0\0\0\0";
enum { STILL_SIZE = sizeof still - 1 };

static void make(struct picture *picture)
{
    picture_init(picture);
    picture->width = picture->thumb_width = 40;
    picture->height = picture->thumb_height = 30;
    buf_add(&picture->bytes, still, STILL_SIZE);
    buf_add(&picture->thumb, still, STILL_SIZE);
    buf_text(&picture->bytes);
}

/* What a decoder sends of a picture. */
static struct buf sent_of(const struct picture *picture)
{
    struct buf sent = {0};
    unsigned char header[PICTURE_HEADER_SIZE];
    picture_pack_header(header, picture);
    buf_add(&sent, header, sizeof header);
    buf_add_span(&sent, buf_span(&picture->bytes));
    buf_add_span(&sent, buf_span(&picture->thumb));
    return sent;
}

static enum picture_verdict take(struct span sent)
{
    struct picture picture;
    picture_init(&picture);
    picture_take(&picture, sent);
    enum picture_verdict verdict = picture.verdict;
    picture_free(&picture);
    return verdict;
}

static enum picture_verdict take_picture(const struct picture *picture)
{
    struct buf sent = sent_of(picture);
    enum picture_verdict verdict = take(buf_span(&sent));
    buf_free(&sent);
    return verdict;
}

static void test_what_was_sent_arrives(void **state)
{
    (void)state;
    struct picture picture, taken;
    make(&picture);
    struct buf sent = sent_of(&picture);
    picture_init(&taken);
    picture_take(&taken, buf_span(&sent));
    assert_int_equal(taken.verdict, PICTURE_FINE);
    assert_int_equal(taken.width, 40);
    assert_int_equal(taken.thumb_height, 30);
    assert_int_equal(taken.bytes.length, STILL_SIZE);
    assert_memory_equal(taken.thumb.bytes, still, STILL_SIZE);
    picture_free(&picture);
    picture_free(&taken);
    buf_free(&sent);
}

static void test_a_decoder_that_died_in_the_middle(void **state)
{
    (void)state;
    struct picture picture;
    make(&picture);
    struct buf sent = sent_of(&picture);
    for (size_t length = 0; length < sent.length; length++)
        assert_int_equal(take((struct span){sent.bytes, length}), PICTURE_TOO_HARD);
    buf_add_byte(&sent, 'x');
    assert_int_equal(take(buf_span(&sent)), PICTURE_TOO_HARD);
    picture_free(&picture);
    buf_free(&sent);
}

static void test_no_number_is_believed(void **state)
{
    (void)state;
    static const uint32_t wrong[][2] = {{0, 30}, {40, 0}, {2049, 30}, {40, 0xffffffff}};
    struct picture picture;
    make(&picture);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        picture.width = wrong[i][0];
        picture.height = wrong[i][1];
        assert_int_equal(take_picture(&picture), PICTURE_TOO_HARD);
    }
    picture.width = 1281;
    picture.height = 30;
    assert_int_equal(take_picture(&picture), PICTURE_FINE);
    picture.animated = true;
    assert_int_equal(take_picture(&picture), PICTURE_TOO_HARD);
    picture.width = 40;
    picture.thumb_width = 481;
    assert_int_equal(take_picture(&picture), PICTURE_TOO_HARD);
    picture_free(&picture);
}

static void test_no_verdict_is_invented(void **state)
{
    (void)state;
    struct picture picture;
    make(&picture);
    for (uint32_t verdict = 1; verdict < 40; verdict++) {
        picture.verdict = (enum picture_verdict)verdict;
        enum picture_verdict taken = take_picture(&picture);
        assert_int_equal(taken, verdict <= PICTURE_NO_DECODER ? (enum picture_verdict)verdict : PICTURE_TOO_HARD);
        assert_true(picture_status(taken) >= 400);
    }
    picture_free(&picture);
}

static void test_only_webp_is_taken(void **state)
{
    (void)state;
    struct picture picture;
    make(&picture);
    memcpy(picture.bytes.bytes, "<htm", 4);
    assert_int_equal(take_picture(&picture), PICTURE_TOO_HARD);
    picture_free(&picture);
}

/* --- webp ----------------------------------------------------------------------------------------------------------------- */

static void add_chunk(struct buf *file, const char *name, const char *content, size_t length)
{
    const char size[4] = {(char)length, (char)(length >> 8), 0, 0};
    buf_add(file, name, 4);
    buf_add(file, size, 4);
    buf_add(file, content, length);
    if (length & 1)
        buf_add_byte(file, 0);
}

static void begin_file(struct buf *file)
{
    buf_clear(file);
    buf_add(file, "RIFF\0\0\0\0WEBP", 12);
}

static void end_file(struct buf *file)
{
    file->bytes[4] = (char)(file->length - 8);
    file->bytes[5] = (char)((file->length - 8) >> 8);
}

static bool clean(struct buf *out, const struct buf *file)
{
    buf_clear(out);
    return webp_clean(out, buf_span(file));
}

static void test_only_pixels_are_let_through(void **state)
{
    (void)state;
    struct buf file = {0}, out = {0}, again = {0};
    begin_file(&file);
    add_chunk(&file, "VP8X", "\xff\0\0\0\1\0\0\1\0\0", 10);
    add_chunk(&file, "ICCP", "profile", 7);
    add_chunk(&file, "ALPH", "abc", 3);
    add_chunk(&file, "VP8 ", "pixels", 6);
    add_chunk(&file, "EXIF", "here", 4);
    add_chunk(&file, "XMP ", "<x:xmpmeta/>", 12);
    add_chunk(&file, "evil", "<script>", 8);
    end_file(&file);
    buf_add_text(&file, "<script>");
    assert_true(clean(&out, &file));
    assert_int_equal(out.length, 12 + 18 + 12 + 14);
    assert_int_equal((unsigned char)out.bytes[20], 0x12);
    assert_int_equal(out.bytes[4], out.length - 8);
    assert_true(clean(&again, &out));
    assert_int_equal(again.length, out.length);
    assert_memory_equal(again.bytes, out.bytes, out.length);
    buf_free(&file);
    buf_free(&out);
    buf_free(&again);
}

static void test_frames_hold_nothing_but_pixels(void **state)
{
    (void)state;
    struct buf file = {0}, out = {0};
    char frame[16 + 8 + 4] = {0};
    memcpy(frame + 16, "VP8L\4\0\0\0abcd", 12);
    begin_file(&file);
    add_chunk(&file, "ANMF", frame, sizeof frame);
    end_file(&file);
    assert_true(clean(&out, &file));
    memcpy(file.bytes + 12 + 8 + 16, "evil", 4);
    assert_false(clean(&out, &file));
    begin_file(&file);
    add_chunk(&file, "ANMF", frame, 15);
    end_file(&file);
    assert_false(clean(&out, &file));
    buf_free(&file);
    buf_free(&out);
}

static void test_chunks_that_make_no_sense(void **state)
{
    (void)state;
    struct buf file = {0}, out = {0};
    begin_file(&file);
    add_chunk(&file, "VP8 ", "pixels", 6);
    end_file(&file);
    for (size_t length = 0; length < file.length; length++) {
        buf_clear(&out);
        assert_false(webp_clean(&out, (struct span){file.bytes, length}));
    }
    memset(file.bytes + 16, 0xff, 4);
    assert_false(clean(&out, &file));
    memset(file.bytes + 4, 0xff, 4);
    assert_false(clean(&out, &file));
    buf_free(&file);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_sent_arrives),
        cmocka_unit_test(test_a_decoder_that_died_in_the_middle),
        cmocka_unit_test(test_no_number_is_believed),
        cmocka_unit_test(test_no_verdict_is_invented),
        cmocka_unit_test(test_only_webp_is_taken),
        cmocka_unit_test(test_only_pixels_are_let_through),
        cmocka_unit_test(test_frames_hold_nothing_but_pixels),
        cmocka_unit_test(test_chunks_that_make_no_sense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
