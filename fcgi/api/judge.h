/*
 * Judges what is written before it is handed to the committer: a read call with a time-out of its own, on connections of its own, so
 * that no pattern holds up the posts of others. Only asked while the guard says that there is something to judge by.
 * A rule that is too slow, twice, is switched off, and what is written is judged by the others; what there was no time to judge at all is
 * not held back. A person's texts are judged one at a time, and only so many may wait for it.
 */
#pragma once
#include "api/exchange.h"

bool judge_pass(struct exchange *exchange); /* false when it has answered; else the arguments may have got `rule` and `same` */
