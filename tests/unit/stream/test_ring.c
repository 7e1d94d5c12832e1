#include "stream/ring.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { PLENTY = 1 << 20 };

static void push_text(struct ring *ring, int64_t id, const char *data)
{
    struct event event = {.cursor.id = id, .name = mem_copy_text("x"), .data = mem_copy_text(data)};
    snprintf(event.cursor.tag, sizeof event.cursor.tag, "t%d", (int)id);
    ring_push(ring, &event);
    assert_null(event.name);
}

static void push(struct ring *ring, int64_t id)
{
    push_text(ring, id, "{}");
}

static void test_keeps_the_newest_and_knows_from_where(void **state)
{
    struct ring ring;
    (void)state;
    ring_init(&ring, 4, PLENTY);
    ring_clear(&ring, &(struct cursor){.id = 10});
    assert_true(ring_covers(&ring, 10));
    assert_false(ring_covers(&ring, 9));
    for (int64_t id = 12; id <= 22; id += 2)
        push(&ring, id);
    assert_int_equal(ring.count, 4);
    assert_int_equal(ring.head.id, 22);
    assert_string_equal(ring.head.tag, "t22");
    assert_int_equal(ring.base, 14);
    assert_true(ring_covers(&ring, 14));
    assert_false(ring_covers(&ring, 13));
    ring_free(&ring);
}

static void test_what_is_too_old_goes(void **state)
{
    struct ring ring;
    (void)state;
    ring_init(&ring, 4, SIZE_MAX);
    for (int64_t id = 1; id <= 4; id++) {
        push(&ring, id);
        ring_find(&ring, id)->at = (double)id;
    }
    ring_drop_before(&ring, 3);
    assert_int_equal(ring.count, 2);
    assert_true(ring_covers(&ring, 2));
    assert_false(ring_covers(&ring, 1));
    ring_drop_before(&ring, 100);
    assert_int_equal(ring.count, 0);
    assert_true(ring_covers(&ring, 4));
    assert_int_equal(ring.head.id, 4);
    ring_free(&ring);
}

static void test_finds_what_comes_after_a_number(void **state)
{
    struct ring ring;
    (void)state;
    ring_init(&ring, 4, PLENTY);
    for (int64_t id = 2; id <= 14; id += 2)
        push(&ring, id);
    assert_int_equal(ring_at(&ring, ring_after(&ring, 8))->cursor.id, 10);
    assert_int_equal(ring_at(&ring, ring_after(&ring, 9))->cursor.id, 10);
    assert_int_equal(ring_at(&ring, ring_after(&ring, 1))->cursor.id, 8);
    assert_int_equal(ring_after(&ring, 14), ring.count);
    assert_int_equal(ring_find(&ring, 12)->cursor.id, 12);
    assert_null(ring_find(&ring, 11));
    assert_null(ring_find(&ring, 6));
    ring_free(&ring);
}

static void test_cleared_it_covers_only_what_is_to_come(void **state)
{
    struct ring ring;
    (void)state;
    ring_init(&ring, 4, PLENTY);
    push(&ring, 5);
    ring_clear(&ring, &(struct cursor){.id = 3, .tag = "z"});
    assert_int_equal(ring.count, 0);
    assert_int_equal(ring.head.id, 3);
    assert_int_equal(ring_after(&ring, 0), 0);
    push(&ring, 4);
    assert_int_equal(ring_find(&ring, 4)->cursor.id, 4);
    ring_free(&ring);
}

static void test_long_events_push_out_more_of_the_old_but_never_themselves(void **state)
{
    char text[2001];
    struct event fresh = {0};
    struct ring ring;
    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    ring_init(&ring, 100, 10000);
    for (int64_t id = 1; id <= 9; id++)
        push_text(&ring, id, text);
    assert_in_range(ring.count, 1, 2);
    assert_int_equal(ring.base, 9 - (int64_t)ring.count);
    assert_true(ring.bytes <= 10000);
    for (int64_t id = 10; id <= 20; id++)
        push(&ring, id);
    assert_in_range(ring.count, 10, 40);
    fresh.data = mem_copy_text(text);
    ring_refresh(&ring, ring_find(&ring, 20), &fresh);
    assert_true(ring.bytes > 4000);
    ring_refresh(&ring, ring_find(&ring, 20), &(struct event){0});
    ring_clear(&ring, &(struct cursor){0});
    assert_int_equal(ring.bytes, 0);
    ring.bytes_max = 1;
    push_text(&ring, 30, text);
    assert_int_equal(ring.count, 1);
    ring_free(&ring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keeps_the_newest_and_knows_from_where),
        cmocka_unit_test(test_what_is_too_old_goes),
        cmocka_unit_test(test_finds_what_comes_after_a_number),
        cmocka_unit_test(test_long_events_push_out_more_of_the_old_but_never_themselves),
        cmocka_unit_test(test_cleared_it_covers_only_what_is_to_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
