#include "base/map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void *number(uint64_t n)
{
    return (void *)(uintptr_t)n;
}

static void test_an_empty_map_has_nothing(void **state)
{
    struct map map = {0};
    size_t position = 0;
    (void)state;
    assert_null(map_get(&map, 0));
    assert_null(map_remove(&map, 0));
    assert_null(map_next(&map, &position));
    map_free(&map);
}

/* Against the simplest thing that could work: an array. Few keys, so that runs of neighbours form and are torn apart. */
static void test_behaves_as_an_array_whatever_is_done(void **state)
{
    enum { KEYS = 97, STEPS = 100000 };
    void *model[KEYS] = {0};
    struct map map = {0};
    uint64_t random = 1;

    (void)state;
    for (int step = 0; step < STEPS; step++) {
        uint64_t key;
        random = map_mix(random + 1);
        key = random % KEYS;
        if (random >> 63) {
            model[key] = number((random >> 32) | 1);
            map_put(&map, key, model[key]);
        } else {
            assert_ptr_equal(map_remove(&map, key), model[key]);
            model[key] = NULL;
        }
        key = (random >> 20) % KEYS;
        assert_ptr_equal(map_get(&map, key), model[key]);
    }
    for (uint64_t key = 0; key < KEYS; key++)
        assert_ptr_equal(map_get(&map, key), model[key]);
    map_free(&map);
}

static void test_a_walk_meets_every_value_once(void **state)
{
    struct map map = {0};
    uintptr_t sum = 0;
    size_t position = 0;
    void *value;
    (void)state;
    for (uint64_t i = 1; i <= 1000; i++)
        map_put(&map, i << 40, number(i));
    while ((value = map_next(&map, &position)))
        sum += (uintptr_t)value;
    assert_int_equal(sum, 500500);
    assert_int_equal(map.count, 1000);
    map_free(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_empty_map_has_nothing),
        cmocka_unit_test(test_behaves_as_an_array_whatever_is_done),
        cmocka_unit_test(test_a_walk_meets_every_value_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
