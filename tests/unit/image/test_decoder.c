#include "image/decoder.h"

#include "base/clock.h"
#include "base/log.h"
#include "image/sandbox.h"
#include "pictures.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { PATIENCE_MS = 60000 };

/* As descriptors: made by a process of its own, so that this one has never started libvips when it forks its nurseries. */
static int files[5], film_file, hard_file, half_file, empty_file;

static enum picture_verdict decode(struct decoder *decoder, int file)
{
    struct picture picture;
    picture_init(&picture);
    decoder_decode(decoder, file, &picture);
    enum picture_verdict verdict = picture.verdict;
    assert_true((verdict == PICTURE_FINE) == (picture.bytes.length > 0));
    picture_free(&picture);
    return verdict;
}

static void test_all_formats_pass_the_sandbox(void **state)
{
    struct decoder *decoder = *state;
    for (int i = 0; i < 5; i++)
        assert_int_equal(decode(decoder, files[i]), PICTURE_FINE);
    assert_int_equal(decode(decoder, film_file), PICTURE_FINE);
}

static void test_a_damaged_file_harms_nobody_after_it(void **state)
{
    struct decoder *decoder = *state;
    assert_int_equal(decode(decoder, half_file), PICTURE_DAMAGED);
    assert_int_equal(decode(decoder, empty_file), PICTURE_TOO_HARD);
    assert_int_equal(decode(decoder, files[0]), PICTURE_FINE);
}

/* The only child of a process, or 0. */
static pid_t child_of(pid_t parent)
{
    char path[64];
    int child = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", parent, parent);
    FILE *file = fopen(path, "re");
    if (!file || fscanf(file, "%d", &child) != 1)
        child = 0;
    if (file)
        fclose(file);
    return child;
}

/* To whatever decodes first. */
struct sign {
    pid_t nursery;
    int signal;
};

static void *send_sign(void *given)
{
    const struct sign *sign = given;
    pid_t decoder = 0;
    while (!decoder)
        decoder = child_of(sign->nursery);
    kill(decoder, sign->signal);
    return NULL;
}

/* Decodes the hard file, and its decoder gets the signal as soon as it is there. */
static enum picture_verdict decode_and_signal(struct decoder *decoder, int signal)
{
    struct sign sign = {child_of(getpid()), signal};
    pthread_t sender;
    assert_true(sign.nursery > 0);
    pthread_create(&sender, NULL, send_sign, &sign);
    enum picture_verdict verdict = decode(decoder, hard_file);
    pthread_join(sender, NULL);
    return verdict;
}

static void test_a_decoder_killed_in_the_middle_is_replaced(void **state)
{
    struct decoder *decoder = *state;
    assert_int_equal(decode_and_signal(decoder, SIGKILL), PICTURE_TOO_HARD);
    assert_int_equal(decode(decoder, files[0]), PICTURE_FINE);
}

/* Until the decoder lets everybody go first, or has ended; then it is killed. */
static void *see_the_decoder_yield(void *given)
{
    static bool has_yielded;
    pid_t nursery = *(pid_t *)given, decoder = 0;
    while (!decoder)
        decoder = child_of(nursery);
    while (!has_yielded && child_of(nursery) == decoder)
        has_yielded = sched_getscheduler(decoder) == SCHED_IDLE;
    kill(decoder, SIGKILL);
    return &has_yielded;
}

static void test_decoders_let_everybody_go_first_and_keep_to_one_processor(void **state)
{
    struct decoder *decoder = *state;
    pid_t nursery = child_of(getpid());
    pthread_t watcher;
    void *has_yielded;
    cpu_set_t processors;
    pthread_create(&watcher, NULL, see_the_decoder_yield, &nursery);
    assert_int_equal(decode(decoder, hard_file), PICTURE_TOO_HARD);
    pthread_join(watcher, &has_yielded);
    assert_true(*(bool *)has_yielded);
    assert_int_equal(sched_getaffinity(nursery, sizeof processors, &processors), 0);
    assert_int_equal(CPU_COUNT(&processors), 1);
}

/* A decoder is nicer than everything else, so on a busy machine even a picture without any difficulty may take longer than the second it has. */
static enum picture_verdict decode_with_patience(struct decoder *decoder, int file)
{
    int64_t until = clock_ms() + PATIENCE_MS;
    enum picture_verdict verdict;
    do
        verdict = decode(decoder, file);
    while (verdict == PICTURE_NO_DECODER && clock_ms() < until);
    return verdict;
}

static void test_no_picture_is_blamed_when_its_decoder_had_no_processor(void **state)
{
    struct decoder *decoder = *state;
    assert_int_equal(decode_and_signal(decoder, SIGSTOP), PICTURE_NO_DECODER);
    assert_int_equal(decode_with_patience(decoder, files[0]), PICTURE_FINE);
}

static void test_a_file_that_takes_too_long_is_given_up(void **state)
{
    struct decoder *decoder = *state;
    int64_t began = clock_ms();
    assert_int_equal(decode_with_patience(decoder, hard_file), PICTURE_TOO_HARD);
    assert_in_range(clock_ms() - began, 500, PATIENCE_MS);
    assert_int_equal(decode_with_patience(decoder, files[0]), PICTURE_FINE);
}

static void test_memory_has_a_bound(void **state)
{
#if !SANDBOX_HAS_SHADOW
    struct decoder *decoder = *state;
    assert_int_not_equal(decode(decoder, files[1]), PICTURE_FINE);
#else
    (void)state;
    skip(); /* the sanitizer's own memory has no bound */
#endif
}

static int start(void **state, struct nursery_plan plan)
{
    struct decoder *decoder = malloc(sizeof *decoder);
    *state = decoder;
    return decoder_start(decoder, &plan) ? 0 : -1;
}

static int start_usual(void **state)
{
    return start(state, (struct nursery_plan){{1536, 60}, 60, 1});
}

static int start_hasty(void **state)
{
    return start(state, (struct nursery_plan){{1536, 60}, 1, 1});
}

static int start_poor(void **state)
{
    return start(state, (struct nursery_plan){{1, 60}, 60, 1});
}

/* The nursery sees that its program closed the socket, and is gone before the next one starts. */
static int stop(void **state)
{
    struct decoder *decoder = *state;
    close(decoder->nursery);
    while (child_of(getpid()))
        waitpid(-1, NULL, 0);
    free(decoder);
    return 0;
}

static int new_file(void)
{
    return memfd_create("test", 0);
}

static void fill(int file, struct buf bytes, size_t length)
{
    if (write(file, bytes.bytes, length) != (ssize_t)length)
        abort();
    buf_free(&bytes);
}

static void fill_all(void)
{
    static const char *const suffixes[] = {".jpg", ".png", ".gif", ".webp", ".avif[effort=0]"};
    for (int i = 0; i < 5; i++) {
        struct buf bytes = file_of(quarters(1200, 900), suffixes[i]);
        fill(files[i], bytes, bytes.length);
    }
    struct buf film_bytes = file_of(film(1400, 300, 3), ".gif"), hard = gif_of(2000, 2000, 24, true), half = file_of(quarters(1200, 900), ".png");
    fill(film_file, film_bytes, film_bytes.length);
    fill(hard_file, hard, hard.length); /* within all bounds, and seconds of work */
    fill(half_file, half, half.length / 2);
}

static void make_files(void)
{
    int status;
    for (int i = 0; i < 5; i++)
        files[i] = new_file();
    film_file = new_file();
    hard_file = new_file();
    half_file = new_file();
    empty_file = new_file();
    pid_t pid = fork();
    if (pid == 0) {
        fill_all();
        _exit(EXIT_SUCCESS);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        abort();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_all_formats_pass_the_sandbox, start_usual, stop),
        cmocka_unit_test_setup_teardown(test_a_damaged_file_harms_nobody_after_it, start_usual, stop),
        cmocka_unit_test_setup_teardown(test_a_decoder_killed_in_the_middle_is_replaced, start_usual, stop),
        cmocka_unit_test_setup_teardown(test_decoders_let_everybody_go_first_and_keep_to_one_processor, start_usual, stop),
        cmocka_unit_test_setup_teardown(test_no_picture_is_blamed_when_its_decoder_had_no_processor, start_hasty, stop),
        cmocka_unit_test_setup_teardown(test_a_file_that_takes_too_long_is_given_up, start_hasty, stop),
        cmocka_unit_test_setup_teardown(test_memory_has_a_bound, start_poor, stop),
    };
    log_start("test", LOG_ERROR + 1);
    make_files();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
