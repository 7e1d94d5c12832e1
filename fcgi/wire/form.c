#include "wire/form.h"

#include <ctype.h>

bool form_integer(struct span text, int64_t *number)
{
    bool minus = text.length && text.at[0] == '-';
    size_t first = minus ? 1 : 0;
    int64_t sum = 0;
    if (text.length == first)
        return false;
    for (size_t i = first; i < text.length; i++) {
        if (!isdigit((unsigned char)text.at[i]))
            return false;
        if (__builtin_mul_overflow(sum, 10, &sum) || __builtin_add_overflow(sum, text.at[i] - '0', &sum))
            return false;
    }
    *number = minus ? -sum : sum;
    return true;
}

bool form_id(struct span text, int64_t *id)
{
    return text.length && text.at[0] >= '1' && text.at[0] <= '9' && form_integer(text, id) && *id < FORM_ID_LIMIT;
}

bool form_flag(struct span text, bool *flag)
{
    *flag = span_is(text, "1") || span_is(text, "true");
    return *flag || span_is(text, "0") || span_is(text, "false");
}

/* Takes `digits` digits from the front as a number; -1 when they are not there. */
static int take_digits(struct span *text, size_t digits)
{
    int number = 0;
    if (text->length < digits)
        return -1;
    for (size_t i = 0; i < digits; i++) {
        if (!isdigit((unsigned char)text->at[i]))
            return -1;
        number = number * 10 + (text->at[i] - '0');
    }
    span_skip(text, digits);
    return number;
}

static bool take_one_of(struct span *text, const char *characters)
{
    if (!text->length || !span_byte_is(*text->at, characters))
        return false;
    span_skip(text, 1);
    return true;
}

static int days_of_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && is_leap ? 29 : days[month - 1];
}

static bool take_date(struct span *text)
{
    int year = take_digits(text, 4);
    int month = take_one_of(text, "-") ? take_digits(text, 2) : -1;
    int day = take_one_of(text, "-") ? take_digits(text, 2) : -1;
    return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= days_of_month(year, month);
}

static bool take_clock(struct span *text, bool has_seconds)
{
    int hours = take_digits(text, 2);
    int minutes = take_one_of(text, ":") ? take_digits(text, 2) : -1;
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return false;
    if (!has_seconds)
        return true;
    int seconds = take_one_of(text, ":") ? take_digits(text, 2) : -1;
    return seconds >= 0 && seconds <= 59;
}

static bool take_fraction(struct span *text)
{
    size_t digits = 0;
    if (!take_one_of(text, "."))
        return true;
    while (text->length && take_digits(text, 1) >= 0)
        digits++;
    return digits >= 1 && digits <= 9;
}

bool form_is_time(struct span text)
{
    if (!take_date(&text) || !take_one_of(&text, "Tt") || !take_clock(&text, true) || !take_fraction(&text))
        return false;
    if (take_one_of(&text, "Zz"))
        return text.length == 0;
    return take_one_of(&text, "+-") && take_clock(&text, false) && text.length == 0;
}
