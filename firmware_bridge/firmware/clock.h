/* Milliseconds since the reset; wraps after 49 days, so compare differences only. */
#pragma once

#include <stdint.h>

void clock_init(void);
uint32_t clock_ms(void);
