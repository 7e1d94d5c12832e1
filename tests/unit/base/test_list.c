#include "base/list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

struct item {
    int number;
    struct list link;
};

static int sum(struct list *list)
{
    int result = 0;
    LIST_EACH(list, link)
        result = result * 10 + LIST_OWNER(link, struct item, link)->number;
    return result;
}

static void fill(struct list *list, struct item items[3])
{
    list_init(list);
    for (int i = 0; i < 3; i++) {
        items[i].number = i + 1;
        list_append(list, &items[i].link);
    }
}

static void test_order_is_that_of_appending(void **state)
{
    struct list list;
    struct item items[3];
    (void)state;
    fill(&list, items);
    assert_int_equal(sum(&list), 123);
    list_remove(&items[1].link);
    assert_int_equal(sum(&list), 13);
    assert_false(list_is_linked(&items[1].link));
    list_remove(&items[1].link);
    assert_ptr_equal(list_take(&list), &items[0].link);
    assert_ptr_equal(list_take(&list), &items[2].link);
    assert_null(list_take(&list));
    assert_true(list_is_empty(&list));
}

static void test_a_walk_may_remove_where_it_stands(void **state)
{
    struct list list;
    struct item items[3];
    (void)state;
    fill(&list, items);
    LIST_EACH(&list, link)
        list_remove(link);
    assert_true(list_is_empty(&list));
}

static void test_lists_are_joined_in_order(void **state)
{
    struct list one, other;
    struct item first[3], second[3];
    (void)state;
    fill(&one, first);
    fill(&other, second);
    list_move_all(&other, &one);
    assert_int_equal(sum(&one), 123123);
    assert_true(list_is_empty(&other));
    list_move_all(&other, &one);
    assert_int_equal(sum(&one), 123123);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_is_that_of_appending),
        cmocka_unit_test(test_a_walk_may_remove_where_it_stands),
        cmocka_unit_test(test_lists_are_joined_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
